"""A mailbox' pages: included once for the own mailbox and once for a store's (`messagecenter/urls.py`)."""

from django.urls import path

from messagecenter.inbox import by_order, views

app_name = "inbox"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("actions/", views.act, name="act"),
    path("undo/", views.undo, name="undo"),
    path("<int:entry_id>/", views.read, name="read"),
    path("orders/<str:number>/", by_order.find_order, name="order"),
]
