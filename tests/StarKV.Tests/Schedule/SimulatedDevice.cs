using Microsoft.Extensions.Time.Testing;
using StarKV.Input;
using StarKV.Schedule;

namespace StarKV.Tests.Schedule;

/// <summary>A device that takes a given time for each piece of work, a clock that goes on by it, and requests that need so many pieces.</summary>
internal sealed class SimulatedDevice
{
    private readonly Dictionary<JobTurn, Plan> _plans = [];
    private readonly List<(TimeSpan At, JobTurn Turn, Plan Plan)> _arrivals = [];
    private readonly EngineOptions _options;
    private readonly long _start;

    public SimulatedDevice(EngineOptions? options = null)
    {
        _options = options ?? new EngineOptions();
        Scheduler = new Scheduler(Clock, _options);
        _start = Clock.GetTimestamp();
    }

    public FakeTimeProvider Clock { get; } = new();

    public Scheduler Scheduler { get; }

    /// <summary>What was done, in order.</summary>
    public List<Quantum> Done { get; } = [];

    public TimeSpan PerScreen { get; init; } = TimeSpan.FromMilliseconds(36);

    public TimeSpan PerToken { get; init; } = TimeSpan.FromMilliseconds(8);

    public TimeSpan Now => Clock.GetElapsedTime(_start);

    /// <summary>What a request needs, and what became of it.</summary>
    public sealed class Plan
    {
        public int Layers { get; init; } = 28;

        public TimeSpan PerLayer { get; init; } = TimeSpan.FromMilliseconds(3);

        public int Answer { get; init; } = 20;

        public IReadOnlyList<PatchGrid> Screens { get; init; } = [];

        public TimeSpan Arrived { get; set; }

        public TimeSpan? LetIn { get; set; }

        public TimeSpan? FirstToken { get; set; }

        public TimeSpan? Ended { get; set; }

        public List<TimeSpan> Gaps { get; } = [];

        public TimeSpan LastToken { get; set; }

        public int LayersRead { get; set; }

        public int Written { get; set; }
    }

    /// <summary>A request that arrives at a time.</summary>
    public Plan At(double seconds, Plan plan, JobClient? client = null, int priority = 0, TimeSpan? timeLimit = null, int tokens = 1000)
    {
        var turn = new JobTurn(client ?? new JobClient(), priority, timeLimit) { Tokens = tokens };
        _arrivals.Add((TimeSpan.FromSeconds(seconds), turn, plan));
        return plan;
    }

    /// <summary>Works until nothing is left to do, or a time is over.</summary>
    public void Run(double seconds = double.MaxValue)
    {
        _arrivals.Sort((a, b) => a.At.CompareTo(b.At));
        while (Now.TotalSeconds < seconds)
        {
            Arrive();
            LetIn();
            if (Scheduler.Next() is { } quantum)
                Do(quantum);
            else if (_arrivals.Count > 0)
                Clock.Advance(_arrivals[0].At - Now);
            else
                return;
        }
    }

    private void Arrive()
    {
        while (_arrivals.Count > 0 && _arrivals[0].At <= Now)
        {
            var (_, turn, plan) = _arrivals[0];
            _arrivals.RemoveAt(0);
            plan.Arrived = Now;
            _plans[turn] = plan;
            Scheduler.Add(turn);
        }
    }

    private void LetIn()
    {
        while (_plans.Keys.Count(t => t.Stage != JobStage.Waiting) < _options.MaxRunning && Scheduler.NextToEnter() is { } turn)
        {
            var plan = _plans[turn];
            plan.LetIn = Now;
            turn.Screens = plan.Screens;
            turn.LayersLeft = plan.Layers;
            turn.Stage = turn.Screens.Count > 0 ? JobStage.Encoding : JobStage.Reading;
        }
    }

    private void Do(Quantum quantum)
    {
        Done.Add(quantum);
        var before = Now;
        switch (quantum)
        {
            case Quantum.Encode encode:
                foreach (var (turn, count) in encode.Turns)
                {
                    Clock.Advance(PerScreen * count);
                    var left = turn.Screens.ToList();
                    for (var i = 0; i < count; i++)
                        Assert.True(left.Remove(encode.Grid));
                    turn.Screens = left;
                    if (left.Count == 0)
                        turn.Stage = JobStage.Reading;
                }

                break;
            case Quantum.Read read:
                var plan = _plans[read.Turn];
                Clock.Advance(plan.PerLayer * read.Layers);
                plan.LayersRead += read.Layers;
                read.Turn.LayersLeft -= read.Layers;
                Assert.True(read.Turn.LayersLeft >= 0);
                if (read.Turn.LayersLeft == 0)
                {
                    (plan.FirstToken, plan.LastToken) = (Now, Now);
                    read.Turn.Stage = JobStage.Writing;
                }

                break;
            default:
                Clock.Advance(PerToken);
                foreach (var (turn, writing) in _plans.Where(p => p.Key.Stage == JobStage.Writing).ToList())
                {
                    writing.Gaps.Add(Now - writing.LastToken);
                    writing.LastToken = Now;
                    if (++writing.Written < writing.Answer)
                        continue;
                    writing.Ended = Now;
                    turn.Stage = JobStage.Ended;
                    Scheduler.Remove(turn);
                    _plans.Remove(turn);
                }

                break;
        }

        Scheduler.Took(quantum, Now - before);
    }
}
