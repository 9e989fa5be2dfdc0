from typing import ClassVar

from django.db import migrations

from gongkai.web.shell import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0001_initial")]
    operations: ClassVar = [append_only.operation("accounts_accountevent")]
