"""The routes of people, their appointments and delegations, capacities and events."""

from __future__ import annotations

from django.urls import path

from gongkai.web.organs import (
    account_event_views,
    appointment_views,
    capacity_views,
    delegation_views,
    event_views,
    people_views,
)

urlpatterns = [
    path("people/", people_views.people, name="people"),
    path("people/new/", people_views.person_new, name="person_new"),
    path("people/appoint/", appointment_views.appoint, name="appoint"),
    path("people/bulk/", people_views.people_bulk, name="people_bulk"),
    path("people/suggest/", people_views.people_suggest, name="people_suggest"),
    path("people/undo/<str:request_id>/", people_views.people_undo, name="people_undo"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/edit/", people_views.person_edit, name="person_edit"),
    path("people/<int:pk>/contacts/", people_views.person_reveal, name="person_reveal"),
    path("people/<int:pk>/password/", people_views.person_password, name="person_password"),
    path(
        "people/<int:pk>/second-factor/",
        people_views.person_second_factor,
        name="person_second_factor",
    ),
    path("people/<int:pk>/unlock/", people_views.person_unlock, name="person_unlock"),
    path("people/<int:pk>/sessions/", people_views.person_sessions, name="person_sessions"),
    path("people/<int:pk>/suspend/", people_views.person_suspend, name="person_suspend"),
    path("people/<int:pk>/restore/", people_views.person_restore, name="person_restore"),
    path(
        "people/appointments/<int:pk>/end/",
        appointment_views.appointment_end,
        name="appointment_end",
    ),
    path("delegations/", delegation_views.delegations, name="delegations"),
    path("delegations/new/", delegation_views.delegate, name="delegate"),
    path(
        "delegations/<int:pk>/revoke/", delegation_views.delegation_revoke, name="delegation_revoke"
    ),
    path("delegations/capacities/", capacity_views.capacities, name="capacities"),
    path("switch/", capacity_views.switch, name="switch"),
    path("events/", event_views.events_list, name="events"),
    path("events/accounts/", account_event_views.account_events, name="account_events"),
    path("events/<int:pk>/", event_views.event, name="event"),
]
