from django.urls import path

from gongkai.web.remedies import evidence_views, lists, views

app_name = "remedies"
_ONE = "<int:pk>/"
urlpatterns = [
    path("", views.remedies, name="list"),
    path("closed/", views.remedies, {"tab": lists.CLOSED}, name="closed"),
    path("all/", views.remedies, {"tab": lists.ALL}, name="all"),
    path("table/", views.table_four, name="table"),
    path("new/<int:pk>/", views.new, name="new"),
    path(_ONE, views.remedy, name="remedy"),
    path(f"{_ONE}do/<slug:act>/", views.do, name="do"),
    path(f"{_ONE}number/", views.number, name="number"),
    path(f"{_ONE}files/add/", views.file_add, name="file_add"),
    path(f"{_ONE}files/<int:file>/", views.file, name="file"),
    path(f"{_ONE}evidence/", evidence_views.evidence, name="evidence"),
    path(f"{_ONE}evidence/<slug:kind>/", evidence_views.evidence_file, name="evidence_file"),
]
