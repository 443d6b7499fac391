"""Pages that do what no page of the portal should, to see what stands round every page."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import path

from tmgportal.urls import urlpatterns as portal


def write(request, status):
    Group.objects.create(name="written")
    return HttpResponse(status=status)


def write_and_stumble(request):
    Group.objects.create(name="written")
    raise ValueError("stumbled")


def count(request):
    return HttpResponse(Group.objects.count())


def limited(request):
    cache.get("rate")
    return HttpResponse()


def echo(request, text=""):
    return HttpResponse(repr([text, *request.GET.values(), *request.POST.values()]))


# The names are those of public pages.
urlpatterns = [
    path("forgotten/", login_not_required(echo), name="nobody-listed-this"),
    path("write/<int:status>/", write, name="home"),
    path("stumble/", write_and_stumble, name="about"),
    path("count/", count, name="about"),
    path("limited/", limited, name="contact"),
    path("echo/", echo, name="contact"),
    path("echo/<path:text>/", echo, name="accessibility"),
    *portal,
]
