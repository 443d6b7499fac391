from django.urls import path

from . import views

app_name = "inquiries"
urlpatterns = [
    path("", views.InquiryCreateView.as_view(), name="inquiry-create"),
    path("child/", views.ChildReportView.as_view(), name="child-report"),
    path("<uuid:ref>/confirm/", views.InquiryConfirmView.as_view(), name="inquiry-confirm"),
    path("<uuid:ref>/sent/", views.InquirySentView.as_view(), name="inquiry-sent"),
]
