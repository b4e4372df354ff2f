from django.apps import AppConfig


class MessageCenterConfig(AppConfig):
    name = "messagecenter"

    def ready(self) -> None:
        from messagecenter.inbox.pokes import poke_changed  # needs the apps loaded
        from messagecenter.signals import entries_changed

        entries_changed.connect(poke_changed, dispatch_uid="poke_changed")
