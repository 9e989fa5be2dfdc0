from django.urls import path

from gongkai.web.annual import views

app_name = "annual"
_ONE = "<str:code>/<int:year>/"
urlpatterns = [
    path("", views.organs, name="list"),
    path(_ONE, views.tables, name="tables"),
    path(f"{_ONE}<str:address>/", views.cell, name="cell"),
]
