from django.urls import path

from simulator import views

urlpatterns = [
    path("", views.world, name="demo"),
    path("mailbox/", views.mailboxes, name="mailboxes"),
    path("mailbox/<str:owner>/", views.mailbox, name="mailbox"),
    path("mailbox/<str:owner>/write/", views.write_mail, name="write_mail"),
    path("mailbox/<str:owner>/<uuid:mail>/", views.mail, name="mail"),
    path("mailbox/<str:owner>/<uuid:mail>/html/", views.mail_html, name="mail_html"),
    path("mailbox/<str:owner>/<uuid:mail>/files/<int:number>/", views.mail_file, name="mail_file"),
]
