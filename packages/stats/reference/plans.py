"""Reference sequences, group boundaries, power, Thompson shares and posteriors. Run: python3 plans.py (writes plans.json)."""
import json
from pathlib import Path

import numpy as np
from mpmath import exp, findroot, log, mp, mpf, sqrt
from scipy import integrate, stats
from scipy.stats import mvn
from statsmodels.stats.power import NormalIndPower

mp.dps = 40


def rho2(alpha, planned):
    return (-2 * log(mpf(alpha)) + log(1 - 2 * log(mpf(alpha)))) / planned


def sequence(n, planned, alpha, sides):
    """Multiplier by the formula, and the p at 1.2 times it: by search on the multiplier, not by its inverse."""
    q = n * rho2(alpha if sides == "two" else 2 * alpha, planned)

    def multiplier(a):
        inner = log(sqrt(q + 1) / a) if sides == "two" else log(1 + sqrt(q + 1) / (2 * a))
        return sqrt(2 * (q + 1) / q * inner)

    z = multiplier(mpf(alpha)) * mpf("1.2")
    log_p = findroot(lambda u: multiplier(exp(u)) - z, (-60, 0), solver="anderson", tol=1e-25)
    return {"n": n, "planned": planned, "alpha": alpha, "sides": sides, "multiplier": float(multiplier(mpf(alpha))), "logP": float(log_p)}


sequences = [sequence(n, planned, a, s) for n in (200, 5000, 90_000) for planned in (5000, 20_000) for a in (0.05, 0.01) for s in ("two", "one")]


def group(fractions, alpha):
    """Boundaries found look by look from rectangles of the multivariate normal distribution (Genz), to about 1e-6."""
    t = np.array(fractions)
    cov = np.minimum.outer(t, t) / np.sqrt(np.outer(t, t))
    spent = 4 * stats.norm.sf(stats.norm.isf(alpha / 4) / np.sqrt(t))
    bounds = []
    for k in range(len(t)):
        def stay(b):
            up = np.array([*bounds, b])
            if k == 0:
                return 1 - 2 * stats.norm.sf(b)
            return mvn.mvnun(-up, up, np.zeros(k + 1), cov[: k + 1, : k + 1], maxpts=2_000_000, abseps=1e-10, releps=1e-10)[0]
        low, high = 0.5, 12.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if 1 - stay(middle) > spent[k] else (low, middle)
        bounds.append(high)
    return {"fractions": fractions, "alpha": alpha, "boundaries": bounds}


groups = [group([0.5, 1.0], 0.05), group([0.3, 0.7, 1.0], 0.05), group([0.25, 0.6, 1.0], 0.01)]

power = []
for effect, ratio, alpha, target in ((0.1, 1, 0.05, 0.8), (0.05, 0.25, 0.05, 0.9), (0.2, 2, 0.01, 0.8)):
    n1 = NormalIndPower().solve_power(effect, alpha=alpha, power=target, ratio=ratio)
    power.append({"effect": effect, "ratio": ratio, "alpha": alpha, "power": target, "control": float(n1)})

arms = [(0.10, 0.004), (0.104, 0.003), (0.097, 0.0005), (0.11, 0.02)]
best = []
for i, (m, s) in enumerate(arms):
    others = [a for j, a in enumerate(arms) if j != i]
    f = lambda v: stats.norm.pdf(v, m, s) * np.prod([stats.norm.cdf(v, a, b) for a, b in others])
    best.append(integrate.quad(f, m - 9 * s, m + 9 * s, points=sorted(a for a, _ in arms), limit=500, epsabs=1e-13, epsrel=1e-12)[0])

posteriors = []
for estimate, se, mean, sd in ((0.08, 0.03, 0.0, 0.1), (-0.4, 0.2, 0.01, 0.05), (0.5, 0.01, 0.0, 0.1)):
    w = 1 / se**2 + 1 / sd**2
    mu, tau = (estimate / se**2 + mean / sd**2) / w, w**-0.5
    ship = integrate.quad(lambda v: max(0, -v) * stats.norm.pdf(v, mu, tau), mu - 40 * tau, min(0, mu + 40 * tau), points=[mu] if mu < 0 else None, epsabs=1e-300, epsrel=1e-11)[0] if mu - 38 * tau < 0 else 0
    posteriors.append({
        "lift": [estimate, se], "prior": [mean, sd], "mean": mu, "sd": tau, "chanceToWin": float(stats.norm.cdf(mu / tau)),
        "chanceToLose": float(stats.norm.sf(mu / tau)), "lossOfShipping": ship,
    })

data = {"sequences": sequences, "groups": groups, "power": power, "thompson": {"arms": arms, "chances": best}, "posteriors": posteriors}
Path(__file__).with_name("plans.json").write_text(json.dumps(data) + "\n")
