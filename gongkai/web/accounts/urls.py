"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from gongkai.web.accounts import second_factor_views as factor
from gongkai.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.second_step, name="second_step"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("forgotten/", views.forgotten, name="forgotten"),
    path("password/", views.password, name="password"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("sessions/<slug:named>/end/", views.end_session, name="end_session"),
    path("second-factor/", factor.show, name="second_factor"),
    path("second-factor/set-up/", factor.set_up, name="second_factor_set_up"),
    path("second-factor/recovery-codes/", factor.recovery_codes, name="recovery_codes"),
    path("second-factor/recovery-codes.txt", factor.recovery_file, name="recovery_file"),
    path("second-factor/recovery-codes/new/", factor.new_recovery_codes, name="new_recovery_codes"),
    path("second-factor/remove/", factor.remove, name="remove_second_factor"),
]
