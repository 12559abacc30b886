"""Training: the same numbers twice, a pause that leaves no trace, and nan named at once."""

import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from drawn import CELLS

import lstm_teach as lt
from lstm_teach import criteria, losses, nested, network, optim, saved, side_by_side, tasks
from lstm_teach.finite import NotFinite
from lstm_teach.train import fit

RECALL = partial(tasks.recall, batch=8, lag=3)
NET = lt.Network(lt.LSTM, 9, 5, 4, one_answer=True)
OPTIMISERS = (optim.SGD(0.5), optim.Momentum(0.1), optim.RMSprop(0.01), optim.Adam(0.02))


def begin(net=NET, seed=0, **settings):
    rng = np.random.default_rng(seed)
    return network.init(net, rng, **settings), rng


def same(one, other):
    """Bit for bit, names included; nan equals nan."""
    one, other = nested.named(one), nested.named(other)
    return one.keys() == other.keys() and all(
        np.array_equal(np.asarray(one[k]), np.asarray(other[k]), equal_nan=True)
        and np.asarray(one[k]).dtype == np.asarray(other[k]).dtype
        for k in one
    )


def without_rng(step):
    return step._replace(rng=())


def test_a_step_of_fit_is_its_parts_put_together_by_hand():
    params, rng = begin()
    adam = optim.Adam(0.02)
    first, second = fit(NET, params, RECALL, adam, rng, steps=2, clip=0.1)

    params, rng = begin()
    memory = adam.start(params)
    for step in (first, second):
        loss, grads, _ = network.loss_and_grads(NET, params, RECALL(rng))
        grads, norm = optim.clip_by_norm(grads, 0.1)
        params, memory = adam(params, grads, memory)
        assert (step.loss, step.norm) == (loss, norm)
        assert same((step.params, step.memory), (params, memory))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_rng_gives_the_same_numbers_twice(dtype):
    runs = []
    for _ in range(2):
        params, rng = begin(dtype=dtype)
        runs.append(list(fit(NET, params, RECALL, optim.Adam(), rng, steps=8)))
    assert all(same(without_rng(a), without_rng(b)) for a, b in zip(*runs, strict=True))
    assert [a.rng for a in runs[0]] == [b.rng for b in runs[1]]
    assert {v.dtype for v in nested.arrays(runs[0][-1].params)} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("optimiser", "cell"),
    [*((optimiser, lt.LSTM) for optimiser in OPTIMISERS), *((OPTIMISERS[-1], c) for c in CELLS)],
    ids=lambda value: getattr(value, "name", type(value).__name__),
)
def test_a_run_saved_and_taken_up_again_is_bit_for_bit_the_run_without_a_pause(
    optimiser, cell, tmp_path
):
    net = replace(NET, cell=cell, layers=2)
    params, rng = begin(net)
    whole = list(fit(net, params, RECALL, optimiser, rng, steps=20, clip=1.0))

    params, rng = begin(net)
    for step in fit(net, params, RECALL, optimiser, rng, steps=20, clip=1.0):
        if step.number == 7:
            saved.save(tmp_path / "run.npz", step)
            break
    step = saved.load(tmp_path / "run.npz", net, optimiser)
    assert same(without_rng(step), without_rng(whole[6]))
    assert step.rng == whole[6].rng
    rest = list(fit(net, params, RECALL, optimiser, steps=20, clip=1.0, start=step))
    assert [a.number for a in rest] == list(range(8, 21))
    for found, truth in zip(rest, whole[7:], strict=True):
        assert same(without_rng(found), without_rng(truth))
        assert found.rng == truth.rng


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_any_of_numpys_generators_can_be_put_away(bits, tmp_path):
    whole = np.random.Generator(bits(3))
    params, _ = begin()
    *_, half = fit(NET, params, RECALL, optim.Adam(), np.random.Generator(bits(3)), steps=2)
    saved.save(tmp_path / "run.npz", half)
    half = saved.load(tmp_path / "run.npz", NET, optim.Adam())
    *_, found = fit(NET, params, RECALL, optim.Adam(), steps=5, start=half)
    *_, truth = fit(NET, params, RECALL, optim.Adam(), whole, steps=5)
    assert same(without_rng(found), without_rng(truth))


def test_networks_side_by_side_with_carried_states_can_be_put_away_too(tmp_path):
    net = lt.Network(lt.LSTM, 7, 4, 7)
    stream = tasks.continual_reber(np.random.default_rng(0), 2, steps=30)
    stretches = tasks.pieces(stream, 5)
    params = side_by_side.stack([begin(net, seed)[0] for seed in range(3)])
    settings = {"steps": 15, "carry": True, "clip": 1.0}
    whole = list(fit(net, params, stretches, optim.Adam(), **settings))
    saved.save(tmp_path / "run.npz", whole[3])
    step = saved.load(tmp_path / "run.npz", net, optim.Adam())
    *_, last = fit(net, params, stretches, optim.Adam(), start=step, **settings)
    assert same(last, whole[-1])


def test_a_function_of_ones_own_is_trained_like_a_network(tmp_path):
    """The mean of numbers, found by descent; and three of them side by side."""

    def loss_and_grads(params, batch, state):
        off = params[0] - batch.x.mean(axis=0)[..., 0, :]
        return (off * off).sum(axis=-1), (2 * off,), state

    sample = partial(tasks.adding_uniform, batch=1, lag=50)
    params, rng = (np.zeros(2),), np.random.default_rng(0)
    whole = list(fit(loss_and_grads, params, sample, optim.Adam(0.05), rng, steps=60))
    np.testing.assert_allclose(whole[-1].params[0], [0.5, 0.04], atol=0.05)
    saved.save(tmp_path / "run.npz", whole[9])
    start = saved.load(tmp_path / "run.npz", params, optim.Adam(0.05))
    *_, last = fit(loss_and_grads, params, sample, optim.Adam(0.05), steps=60, start=start)
    assert same(without_rng(last), without_rng(whole[-1]))
    rngs = [np.random.default_rng(seed) for seed in range(3)]
    params = (np.zeros((3, 2)),)
    *_, half = fit(loss_and_grads, params, sample, optim.Adam(0.05), rngs, steps=30)
    *_, many = fit(loss_and_grads, params, sample, optim.Adam(0.05), steps=60, start=half)
    np.testing.assert_allclose(many.params[0][0], whole[-1].params[0], rtol=0, atol=1e-12)


def test_a_state_is_carried_through_a_list_of_batches_and_starts_anew_with_it():
    net = lt.Network(lt.LSTM, 7, 4, 7)
    stretches = tasks.pieces(tasks.continual_reber(np.random.default_rng(0), 2, steps=9), 3)
    params, _ = begin(net)
    state, memory = None, ()
    for step in fit(net, params, stretches, optim.SGD(), steps=7, carry=True):
        if step.number in (4, 7):
            state = None
        loss, grads, state = network.loss_and_grads(
            net, params, stretches[(step.number - 1) % 3], state
        )
        params, memory = optim.SGD()(params, grads, memory)
        assert step.loss == loss
        assert same(step.params, params)


def test_a_file_of_another_network_or_optimiser_is_refused(tmp_path):
    params, rng = begin()
    *_, step = fit(NET, params, RECALL, optim.Adam(), rng, steps=1)
    saved.save(tmp_path / "run.npz", step)
    with pytest.raises(ValueError, match=r"differ in memory.*the file was saved with"):
        saved.load(tmp_path / "run.npz", NET, optim.RMSprop())
    with pytest.raises(ValueError, match="differ in memory.mean.V; expected the network"):
        saved.load(tmp_path / "run.npz", replace(NET, outputs=3), optim.Adam())
    with pytest.raises(ValueError, match="differ in memory.mean.chains.1"):
        saved.load(tmp_path / "run.npz", replace(NET, layers=2), optim.Adam())


def test_a_save_that_fails_leaves_the_old_file_as_it_was(tmp_path, monkeypatch):
    params, rng = begin()
    first, second = fit(NET, params, RECALL, optim.Adam(), rng, steps=2)
    saved.save(tmp_path / "run.npz", first)

    def break_off(file, **_):
        file.write(b"half")
        raise OSError("the disk is full")

    monkeypatch.setattr(np, "savez", break_off)
    with pytest.raises(OSError, match="disk"):
        saved.save(tmp_path / "run.npz", second)
    step = saved.load(tmp_path / "run.npz", NET, optim.Adam())
    assert same(without_rng(step), without_rng(first))
    monkeypatch.undo()
    saved.save(tmp_path / "run.npz", second)
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


# --- nan and infinity ---------------------------------------------------------------------


def spoilt_forward(at, gate=True):
    """An LSTM whose c, and g if gate, is nan after one call of step, in row 2, unit 1."""
    count = iter(range(10**6))

    def step(x_in, h_in, state, p):
        state, gates = lt.LSTM.step(x_in, h_in, state, p)
        if next(count) == at:
            g, c = gates.g.copy(), state.c.copy()
            c[2, 1] = np.nan
            g[2, 1] = np.nan if gate else g[2, 1]
            return state._replace(c=c), gates._replace(g=g)
        return state, gates

    return replace(lt.LSTM, step=step)


def spoilt_backward(at):
    """An LSTM whose way back is infinite at one time step."""
    count = iter(range(10**6))

    def step_back(dstate, gates, before, after, p):
        back = lt.LSTM.step_back(dstate, gates, before, after, p)
        if next(count) == at:
            back.state.c[1, 0] = np.inf
        return back

    return replace(lt.LSTM, step_back=step_back)


def caught(net, **settings):
    params, rng = begin(net)
    with pytest.raises(NotFinite) as error:
        list(fit(net, params, RECALL, optim.SGD(0.1), rng, steps=9, **settings))
    return error.value


@pytest.mark.parametrize("build", [{}, {"layers": 2}, {"both_ways": True}], ids=str)
def test_nan_in_the_forward_pass_is_named_with_its_array_and_time_step(build):
    """T is 4: after 4 calls a chain, the third call is time step 2 of the second update."""
    chains = (
        build.get("layers", 1) * (2 if build else 1)
        if "both_ways" in build
        else build.get("layers", 1)
    )
    error = caught(replace(NET, cell=spoilt_forward(4 * chains + 2), **build))
    assert (error.array, error.t, error.where) == ("g", 2, (2, 1))
    assert str(error).startswith("Step 2: nan began in the forward pass, g in layer 0 (LSTM), at")
    assert "at time step 2, index [2, 1]" in str(error)


def test_nan_that_begins_in_the_state_is_named_with_the_step_that_made_it():
    error = caught(replace(NET, cell=spoilt_forward(6, gate=False)))
    assert (error.array, error.t, error.where) == ("c", 2, (2, 1))


def test_infinity_in_the_backward_pass_is_named_with_the_time_step_it_reached_first():
    """The 7th call of step_back is time step 1 of the second update: it spoils dc of step 1."""
    error = caught(replace(NET, cell=spoilt_backward(6)))
    assert (error.array, error.t) == ("dc", 1)
    assert str(error).startswith("Step 2: inf began in the backward pass, dc in layer 0")


def test_a_weight_that_an_update_makes_infinite_is_named():
    class Overflowing(optim.SGD):
        def __call__(self, params, grads, memory=()):
            b = params.b.copy()
            b[3] = np.inf
            return params._replace(b=b), memory

    params, rng = begin()
    with pytest.raises(NotFinite, match=r"Step 1: inf began in the weights b, index \[3\]"):
        list(fit(NET, params, RECALL, Overflowing(), rng, steps=9))


def test_a_loss_that_overflows_is_named():
    net = replace(NET, loss=losses.squared_error, outputs=1, one_answer=False, inputs=2)
    params, rng = begin(net)
    params = params._replace(V=params.V * 1e200)
    with pytest.raises(NotFinite, match="Step 1: the loss is inf; the chains were finite"):
        list(fit(net, params, partial(tasks.adding, batch=2, lag=20), optim.SGD(), rng, steps=1))


def test_a_function_of_ones_own_that_returns_nan_is_named_too():
    def loss_and_grads(params, batch, state):
        return np.nan, params, state

    with pytest.raises(NotFinite, match="Step 1: the loss is nan, the length of its gradient 0"):
        list(
            fit(
                loss_and_grads,
                (np.zeros(2),),
                [RECALL(np.random.default_rng(0))],
                optim.SGD(),
                steps=1,
            )
        )


def test_inputs_that_are_not_finite_are_named_with_the_step():
    def sample(rng):
        batch = RECALL(rng)
        batch.x[1, 2, 3] = np.nan
        return batch

    params, rng = begin()
    with pytest.raises(ValueError, match=r"x\[1, 2, 3\] is nan") as error:
        list(fit(NET, params, sample, optim.SGD(), rng, steps=1))
    assert error.value.__notes__ == ["This happened in step 1 of fit."]


# --- ends, callbacks, progress --------------------------------------------------------------


def test_fit_ends_where_stop_says_so_and_calls_every_callback_first():
    seen = []
    params, rng = begin()
    steps = list(
        fit(
            NET,
            params,
            RECALL,
            optim.Adam(),
            rng,
            steps=50,
            stop=lambda step: step.number == 6,
            callbacks=[lambda step: seen.append(step.number)],
        )
    )
    assert seen == [1, 2, 3, 4, 5, 6]
    assert [step.ended for step in steps] == [0] * 5 + [6]


def test_patience_ends_a_run_that_finds_no_lower_loss_and_survives_a_pause():
    params, rng = begin()
    run = partial(fit, NET, params, RECALL, optim.SGD(1e-9), steps=500, patience=5)
    steps = list(run(rng))
    last = steps[-1]
    assert last.number - last.best_step == 5
    assert last.best == min(step.loss for step in steps) == steps[last.best_step - 1].loss
    assert 5 < len(steps) < 500
    *_, again = run(start=steps[len(steps) - 3])
    assert again.number == last.number


def test_training_loads_nothing_but_numpy_until_a_bar_is_asked_for():
    code = (
        "import sys, lstm_teach as lt; assert 'lstm_teach.network' not in sys.modules; "
        "lt.fit, lt.tasks, lt.Network, lt.saved, lt.criteria; "
        "assert not {'tqdm', 'matplotlib', 'ipywidgets', 'anywidget'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_progress_bar_shows_the_steps_when_asked_for(capsys):
    params, rng = begin()
    list(fit(NET, params, RECALL, optim.Adam(), rng, steps=3, progress=True))
    assert "/3" in capsys.readouterr().err
    list(fit(NET, params, RECALL, optim.Adam(), rng, steps=3))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"rng": 0}, TypeError, r"np.random.default_rng\(0\)"),
        ({"rng": None}, TypeError, "rng is None"),
        ({"steps": 0}, ValueError, "steps is 0"),
        ({"sample": 3}, TypeError, "sample is int; expected a function of rng"),
        ({"sample": []}, TypeError, "sample is list"),
        ({"carry": True}, ValueError, "tasks.pieces"),
    ],
)
def test_fit_complains_at_once_and_not_at_the_first_step(changes, kind, words):
    params, rng = begin()
    arguments = {"sample": RECALL, "rng": rng, "steps": 3} | changes
    with pytest.raises(kind, match=words):
        fit(NET, params, arguments.pop("sample"), optim.Adam(), **arguments)


def test_side_by_side_needs_a_generator_for_each_network():
    params = side_by_side.stack([begin(seed=seed)[0] for seed in range(3)])
    with pytest.raises(TypeError, match="rng holds 1 generator.*for 3 networks"):
        fit(NET, params, RECALL, optim.Adam(), np.random.default_rng(0), steps=1)


# --- does it learn? -------------------------------------------------------------------------


def wrong_sign(dstate, gates, before, after, p):
    """The LSTM's way back, uphill."""
    back = lt.LSTM.step_back(dstate, gates, before, after, p)
    return back._replace(x_in=-back.x_in, h_in=-back.h_in)


def recalled(cell, seed):
    """The share of 400 fresh sequences answered rightly, after 250 steps."""
    net = lt.Network(cell, 9, 16, 4, one_answer=True)
    params, rng = begin(net, seed)
    sample = partial(tasks.recall, batch=32, lag=10)
    *_, step = fit(net, params, sample, optim.Adam(1e-2), rng, steps=250, clip=1.0)
    batch = tasks.recall(rng, 400, lag=10)
    y, _, _ = network.forward(net, step.params, batch.x)
    return criteria.most_likely(y, batch).mean()


def test_an_lstm_learns_to_recall_and_with_a_wrong_sign_it_does_not():
    assert recalled(lt.LSTM, seed=0) > 0.99
    assert recalled(replace(lt.LSTM, step_back=wrong_sign), seed=0) < 0.5
