"""Student's two-sided log tail with mpmath, for the other scripts."""
from mpmath import betainc, log, loggamma, mp, mpf, pi, quad

mp.dps = 40


def student(t, df):
    if df >= 1e5:  # the series converges too slowly: integrate the density, scaled by its value at t
        t, df = mpf(t), mpf(df)
        at = lambda u: ((df + u * u) / (df + t * t)) ** (-(df + 1) / 2)
        width = 1 / max(t, 1)
        area = quad(at, [t + k * width for k in (0, 1, 3, 8, 20, 50, 120)])
        scale = loggamma((df + 1) / 2) - loggamma(df / 2) - log(df * pi) / 2 - (df + 1) / 2 * log(1 + t * t / df)
        return log(2) + scale + log(area)
    x = mpf(df) / (mpf(df) + mpf(t) ** 2)
    return log(betainc(mpf(df) / 2, mpf(1) / 2, 0, x, regularized=True))
