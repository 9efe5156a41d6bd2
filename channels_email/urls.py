from django.urls import path

from channels_email.views import inbound

app_name = "channels_email"
urlpatterns = [path("<slug:provider>/inbound/", inbound, name="inbound")]
