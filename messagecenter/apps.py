from django.apps import AppConfig


class MessageCenterConfig(AppConfig):
    name = "messagecenter"
