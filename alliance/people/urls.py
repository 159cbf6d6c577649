"""Pages of people."""

from django.conf import settings
from django.urls import path

from .views import (
    absences,
    accounts,
    clients,
    demo,
    invitations,
    joining,
    practitioners,
    profile,
    sites,
)

app_name = "people"

urlpatterns = [
    path("users/", accounts.index, name="users"),
    path("users/new/", accounts.new, name="user_new"),
    path("users/<uuid:public_id>/", accounts.detail, name="user"),
    path("users/<uuid:public_id>/edit/", accounts.edit, name="user_edit"),
    path("users/<uuid:public_id>/disable/", accounts.disable, name="user_disable"),
    path("users/<uuid:public_id>/enable/", accounts.enable, name="user_enable"),
    path("users/<uuid:public_id>/password/", accounts.reset_password, name="user_password"),
    path(
        "users/<uuid:public_id>/second-factor/remove/",
        accounts.remove_second_factor,
        name="user_second_factor",
    ),
    path("users/<uuid:public_id>/leave/<uuid:house_id>/", accounts.let_go, name="user_leave"),
    path("users/<uuid:public_id>/roles/", accounts.grant, name="role_grant"),
    path("users/<uuid:public_id>/roles/<int:pk>/end/", accounts.withdraw, name="role_withdraw"),
    path("invitations/", invitations.index, name="invitations"),
    path("invitations/new/", invitations.new, name="invite"),
    path("invitations/<uuid:public_id>/renew/", invitations.renew, name="invitation_renew"),
    path(
        "invitations/<uuid:public_id>/withdraw/", invitations.withdraw, name="invitation_withdraw"
    ),
    path("join/<str:token>/", joining.accept, name="accept_invitation"),
    path("clients/", clients.index, name="clients"),
    path("clients/new/", clients.new, name="client_new"),
    path("clients/<int:pk>/secret/", clients.rotate, name="client_secret"),
    path("clients/<int:pk>/disable/", clients.disable, name="client_disable"),
    path("clients/<int:pk>/enable/", clients.enable, name="client_enable"),
    path("practitioners/", practitioners.index, name="practitioners"),
    path("practitioners/new/", practitioners.new, name="practitioner_new"),
    path("practitioners/<uuid:public_id>/", practitioners.edit, name="practitioner"),
    path(
        "practitioners/<uuid:public_id>/active/",
        practitioners.set_active,
        name="practitioner_active",
    ),
    path("practitioners/<uuid:public_id>/sites/", sites.sites, name="practitioner_sites"),
    path("practitioners/<uuid:public_id>/sites/<int:pk>/end/", sites.end, name="site_end"),
    path("practitioners/<uuid:public_id>/absences/", absences.index, name="practitioner_absences"),
    path("absences/<int:pk>/end/", absences.end, name="absence_end"),
    path("profile/", profile.profile, name="profile"),
    path("profile/sessions/<int:pk>/end/", profile.end_session, name="session_end"),
    path("profile/sessions/end/", profile.end_other_sessions, name="sessions_end"),
    path("switch/", profile.switch_institution, name="switch_institution"),
]

if settings.DEMO_MODE:
    urlpatterns.append(path("demo/enter/", demo.demo_login, name="demo_login"))
