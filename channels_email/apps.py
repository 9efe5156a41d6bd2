from django.apps import AppConfig
from django.core import checks

from interactions.channel import register


class ChannelsEmailConfig(AppConfig):
    name = "channels_email"
    verbose_name = "E-mail"

    def ready(self) -> None:
        from channels_email.adapter import EmailChannel  # needs the models, which are there only now
        from channels_email.checks import check_mail_settings

        register(EmailChannel())
        checks.register(check_mail_settings)
