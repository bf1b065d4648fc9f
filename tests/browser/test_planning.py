"""A planner sees that a target is missed, finds the townships, opens the map there and takes the list along."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.coverage import saved
from layers.models import Audit, EcoBurialSite
from layers.registry import Role
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, Visitor
from tests.browser.test_account import sign_in
from tests.browser.test_imports import fits
from tests.layers.coverage import shape
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
TARGET = "eco-burial-township-provision"
