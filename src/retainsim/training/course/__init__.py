"""Courses: calls and books in parts, for practice and for assessment, taken by trainees and told of in a report."""

from retainsim.training.course.books import Books, BookSitting, KeptBook
from retainsim.training.course.kept import (
    CLASS,
    BookTakenElsewhereError,
    Call,
    NoForksLeftError,
    NoGradedRoundsError,
    NotOpenError,
    TakenElsewhereError,
)
from retainsim.training.course.plan import FACTORS, BookPlan, Course, Part, Purpose
from retainsim.training.course.reading import ExaminedCourse, course_file, examine_course, load_course
from retainsim.training.course.roll import Newcomer, Trainee, UnknownTraineeError, read_newcomers
from retainsim.training.course.room import Room, Sitting
from retainsim.training.course.starting import start_course

__all__ = [
    "CLASS",
    "FACTORS",
    "BookPlan",
    "BookSitting",
    "BookTakenElsewhereError",
    "Books",
    "Call",
    "Course",
    "ExaminedCourse",
    "KeptBook",
    "Newcomer",
    "NoForksLeftError",
    "NoGradedRoundsError",
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
