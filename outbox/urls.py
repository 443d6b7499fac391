"""Included in the demonstration only: here everybody reads everybody's mail."""

from django.urls import path

from outbox import views

urlpatterns = [
    path("", views.MailboxListView.as_view(), name="mailbox-list"),
    path("<slug:name>/", views.MailboxDetailView.as_view(), name="mailbox-detail"),
]
