"""Reference tails: mpmath with 40 digits, and scipy where it does not underflow. Run: python3 distributions.py"""
import json
from pathlib import Path
from exact_student import student
from mpmath import mp, mpf, gammainc, erfc, log, loggamma, sqrt
from scipy import stats

mp.dps = 40


def rows(name, points, exact, scipy_log):
    out = []
    for point in points:
        value = float(exact(*point))
        check = float(scipy_log(*point))
        if value > -600:
            assert abs(check - value) < 1e-6 * max(1, abs(value)), (name, point, value, check)
        out.append([*point, value])
    return out


def polished(alpha, df):
    """scipy's quantile, brought to 1e-15 by Newton's steps on the exact tail."""
    t = mpf(stats.t.isf(alpha / 2, df))
    for _ in range(2):
        slope = (student(t + t * mpf("1e-12"), df) - student(t, df)) / (t * mpf("1e-12"))
        t -= (student(t, df) - log(mpf(alpha))) / slope
    assert abs(float(t) / stats.t.isf(alpha / 2, df) - 1) < 1e-6
    return float(t)


t_points = [(t, df) for t in (1e-8, 0.01, 0.5, 1.5, 1.9, 3, 8.3, 20, 45, 150) for df in (1, 1.7, 5, 30, 400, 1e5)]
z_points = [(z,) for z in (1e-6, 0.1, 1, 1.96, 3, 5, 8.3, 12, 20, 37, 40, 60, 200, 1000)]
chi_points = [(x, df) for x in (0.001, 0.16, 1, 3.84, 20, 100, 677, 1500, 6000) for df in (1, 2, 3, 7, 30)]
quantile_points = [(a, df) for a in (1e-12, 1e-6, 0.001, 0.01, 0.05, 0.2, 0.9) for df in (1, 2.5, 10, 100, 1e5)]

data = {
    "student": rows("t", t_points, student, lambda t, df: stats.t.logsf(t, df) + float(log(2))),
    "normal": rows("z", z_points, lambda z: log(erfc(mpf(z) / sqrt(2))), lambda z: stats.norm.logsf(z) + float(log(2))),
    "chiSquare": rows(
        "chi2",
        chi_points,
        lambda x, df: log(gammainc(mpf(df) / 2, mpf(x) / 2, regularized=True)),
        lambda x, df: stats.chi2.logsf(x, df),
    ),
    "logGamma": [[x, float(loggamma(mpf(x)))] for x in (1e-3, 0.5, 1.5, 3.3, 9.99, 10, 25.5, 1e3, 1e6, 1e9)],
    "studentQuantile": [[a, df, polished(a, df)] for a, df in quantile_points],
    "normalQuantile": [[a, float(stats.norm.isf(a / 2))] for a in (1e-200, 1e-12, 1e-4, 0.01, 0.05, 0.1, 0.5, 0.99)],
}
Path(__file__).with_name("distributions.json").write_text(json.dumps(data) + "\n")
