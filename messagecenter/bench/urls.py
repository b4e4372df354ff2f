"""The product's addresses and `/bench/hello/`, a bare view of a signed-in person: the peer of every page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from messagecenter.urls import urlpatterns as product


@login_required
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [*product, path("bench/hello/", hello)]
