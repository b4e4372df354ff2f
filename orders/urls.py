"""The pages of orders; the marketplace's events come in elsewhere, at /events/orders/."""

from django.urls import path

from orders.pages import buyer, claims, seller

app_name = "orders"
urlpatterns = [
    path("orders/", buyer.order_list, name="list"),
    path("orders/<str:number>/", buyer.order_detail, name="detail"),
    path("orders/<str:number>/claim/", claims.claim, name="claim"),
    path("stores/<slug:slug>/orders/", seller.store_orders, name="store_orders"),
    path("stores/<slug:slug>/orders/<str:number>/", seller.store_order, name="store_detail"),
]
