"""Courses: calls in parts, for practice and for assessment, taken by trainees and told of in a report."""

from retainsim.training.course.kept import (
    CLASS,
    Call,
    NoForksLeftError,
    NotOpenError,
    TakenElsewhereError,
)
from retainsim.training.course.plan import FACTORS, Course, Part, Purpose
from retainsim.training.course.reading import ExaminedCourse, course_file, examine_course, load_course
from retainsim.training.course.roll import Newcomer, Trainee, UnknownTraineeError, read_newcomers
from retainsim.training.course.room import Room, Sitting
from retainsim.training.course.starting import start_course

__all__ = [
    "CLASS",
    "FACTORS",
    "Call",
    "Course",
    "ExaminedCourse",
    "Newcomer",
    "NoForksLeftError",
    "NotOpenError",
    "Part",
    "Purpose",
    "Room",
    "Sitting",
    "TakenElsewhereError",
    "Trainee",
    "UnknownTraineeError",
    "course_file",
    "examine_course",
    "load_course",
    "read_newcomers",
    "start_course",
]
