"""The interface for the marketplace's machines, under /events/orders/."""

from django.urls import path

from orders.intake.views import event_schema, receive_event

app_name = "order_events"
urlpatterns = [
    path("", receive_event, name="receive"),
    path("schema.json", event_schema, name="schema"),
]
