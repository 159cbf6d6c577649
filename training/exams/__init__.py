"""Theory exams, simulation stations, skills exams and what follows a failure."""
