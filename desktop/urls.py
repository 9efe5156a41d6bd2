"""Verbs as resources: what is done to a case is an address under it."""

from django.urls import path

from desktop.consumers import DesktopSocket
from desktop.views import alarms, case, composing, content, customer, deciding, delivery, files, inbox, offer, oneself
from desktop.views.administration import mail_in, mail_out, mailboxes

app_name = "desktop"

urlpatterns = [
    path("", inbox.home, name="home"),
    path("cases/", inbox.cases, name="cases"),
    path("rail/", inbox.rail_part, name="rail"),
    path("cases/<uuid:case>/", case.show, name="case"),
    path("cases/<uuid:case>/head/", case.head, name="head"),
    path("cases/<uuid:case>/timeline/", case.timeline, name="timeline"),
    path("cases/<uuid:case>/replies/", composing.replies, name="replies"),
    path("cases/<uuid:case>/notes/", composing.notes, name="notes"),
    path("cases/<uuid:case>/drafts/<str:kind>/", composing.drafts, name="drafts"),
    path("cases/<uuid:case>/files/", files.files, name="files"),
    path("cases/<uuid:case>/status/", deciding.status, name="status"),
    path("cases/<uuid:case>/priority/", deciding.priority, name="priority"),
    path("cases/<uuid:case>/subject/", deciding.subject, name="subject"),
    path("cases/<uuid:case>/queue/", deciding.queue, name="queue"),
    path("cases/<uuid:case>/assignment/", deciding.assignment, name="assignment"),
    path("cases/<uuid:case>/tags/", deciding.tags, name="tags"),
    path("cases/<uuid:case>/tags/<uuid:tag>/", deciding.tag, name="tag"),
    path("deliveries/<uuid:delivery>/withdrawal/", delivery.withdrawal, name="withdrawal"),
    path("deliveries/<uuid:delivery>/resending/", delivery.resending, name="resending"),
    path("messages/<uuid:message>/body/", content.message_body, name="message_body"),
    path("messages/<uuid:message>/files/", content.message_files, name="message_files"),
    path("attachments/<uuid:attachment>/", content.attachment, name="attachment"),
    path("customers/<uuid:customer>/", customer.panel, name="customer"),
    path("customers/<uuid:customer>/fields/<slug:name>/", customer.field, name="customer_field"),
    path("customers/<uuid:customer>/identities/", customer.identities, name="identities"),
    path("customers/<uuid:customer>/identities/<uuid:identity>/", customer.identity, name="identity"),
    path(
        "customers/<uuid:customer>/identities/<uuid:identity>/verification/",
        customer.identity_verification,
        name="identity_verification",
    ),
    path("customers/<uuid:customer>/consents/<slug:channel>/", customer.consent, name="consent"),
    path("customers/<uuid:customer>/changes/", customer.trail, name="customer_trail"),
    path("customers/<uuid:customer>/changes/<str:step>/undoing/", customer.undoing, name="customer_undo"),
    path("offers/", offer.offers, name="offers"),
    path("offers/<uuid:offer>/acceptance/", offer.acceptance, name="acceptance"),
    path("offers/<uuid:offer>/refusal/", offer.refusal, name="refusal"),
    path("presence/", oneself.presence, name="presence"),
    path("presence/notice/", oneself.away, name="away"),
    path("settings/", oneself.settings, name="settings"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("administration/mail/", mail_in.ledger, name="mail_in"),
    path("administration/mail/processing/", mail_in.processing_all, name="mail_processing_all"),
    path("administration/mail/processing/<uuid:job>/", mail_in.job, name="mail_job"),
    path("administration/mail/<uuid:raw>/", mail_in.mail, name="mail"),
    path("administration/mail/<uuid:raw>/source/", mail_in.source, name="mail_source"),
    path("administration/mail/<uuid:raw>/processing/", mail_in.processing, name="mail_processing"),
    path("administration/deliveries/", mail_out.deliveries, name="mail_out"),
    path("administration/deliveries/<uuid:delivery>/", mail_out.delivery, name="delivery"),
    path("administration/mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("administration/mailboxes/new/", mailboxes.new, name="mailbox_new"),
    path("administration/mailboxes/consent/", mailboxes.consented, name="mailbox_consented"),
    path("administration/mailboxes/<uuid:mailbox>/", mailboxes.mailbox, name="mailbox"),
    path("administration/mailboxes/<uuid:mailbox>/consent/", mailboxes.consent, name="mailbox_consent"),
    path("administration/mailboxes/<uuid:mailbox>/trials/", mailboxes.trials, name="mailbox_trials"),
    path("administration/mailboxes/trials/<uuid:trial>/", mailboxes.trial, name="mailbox_trial"),
]

websocket_urlpatterns = [path("sockets/desktop/", DesktopSocket.as_asgi())]
