using CsCheck;
using StarKV.Input;
using StarKV.Schedule;

namespace StarKV.Tests.Schedule;

/// <summary>The policy, on a clock and a device that are simulated.</summary>
public sealed class SchedulerTests
{
    private static readonly PatchGrid s_screen = PatchGrid.FromSize(1932, 1092, 14, 2);
    private static readonly PatchGrid s_small = PatchGrid.FromSize(280, 280, 14, 2);

    private static SimulatedDevice.Plan Long() => new() { Layers = 28, PerLayer = TimeSpan.FromMilliseconds(15), Screens = [s_screen, s_screen] };

    [Fact]
    public void Whoever_writes_waits_for_no_more_than_a_piece_of_others_readings()
    {
        var device = new SimulatedDevice();
        var writer = device.At(0, new() { Answer = 200 });
        for (var i = 0; i < 12; i++)
            device.At(0.2 + i * 0.3, Long());
        device.Run();
        Assert.Equal(200, writer.Written);
        // 35 ms of reading, the piece that was begun before they were over, and the token.
        Assert.InRange(writer.Gaps.Max(), TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(35 + 36 + 8));
        // A screenshot takes longer than that time; layers are counted so that they fit into it.
        Assert.InRange(writer.Gaps.Order().ElementAt(100), TimeSpan.FromMilliseconds(8), TimeSpan.FromMilliseconds(35 + 8));
    }

    [Fact]
    public void Whoever_reads_gets_a_piece_between_any_two_tokens()
    {
        var device = new SimulatedDevice(new EngineOptions { ReadBetweenTokens = TimeSpan.FromTicks(1) });
        for (var i = 0; i < 8; i++)
            device.At(0, new() { Layers = 1, PerLayer = TimeSpan.FromMilliseconds(1), Answer = 500 });
        var reader = device.At(1, new() { Layers = 28 });
        device.Run();
        Assert.NotNull(reader.FirstToken);
        // 28 layers and as many tokens of the others.
        Assert.InRange(reader.FirstToken!.Value - reader.Arrived, TimeSpan.Zero, TimeSpan.FromMilliseconds(28 * (3 + 8) + 20));
    }

    [Fact]
    public void A_prompt_is_read_to_its_end_before_the_next_one_unless_somebody_of_higher_priority_comes()
    {
        var device = new SimulatedDevice();
        var first = device.At(0, Long());
        var second = device.At(0.05, Long());
        var urgent = device.At(0.1, Long(), priority: 1);
        device.Run();
        Assert.True(urgent.FirstToken < first.FirstToken);
        Assert.True(first.FirstToken < second.FirstToken);
    }

    [Fact]
    public void The_earlier_deadline_goes_first_and_who_has_none_goes_last()
    {
        var device = new SimulatedDevice(new EngineOptions { MaxRunning = 1 });
        device.At(0, Long());
        var never = device.At(0.01, Long());
        var late = device.At(0.02, Long(), timeLimit: TimeSpan.FromSeconds(30));
        var soon = device.At(0.03, Long(), timeLimit: TimeSpan.FromSeconds(10));
        device.Run();
        Assert.True(soon.LetIn < late.LetIn);
        Assert.True(late.LetIn < never.LetIn);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(3, null)]
    [InlineData(0, 60)]
    public void Nobody_waits_for_ever_behind_those_who_always_come_before_them(int priority, int? timeLimit)
    {
        // A request every 0.3 s, each of which takes 0.65 s, all of them before the one that waits.
        var device = new SimulatedDevice(new EngineOptions { MaxRunning = 1 });
        TimeSpan? limit = timeLimit is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        for (var i = 0; i < 300; i++)
            device.At(i * 0.3, Long(), priority: priority, timeLimit: limit);
        var waiting = device.At(1, Long());
        device.Run(90);
        Assert.NotNull(waiting.LetIn);
        // A step of priority is worth 5 s; then it waits behind those that came before.
        Assert.InRange((waiting.LetIn!.Value - waiting.Arrived).TotalSeconds, 0.6, (priority + 2) * 5 * 0.65 / 0.3 + 5);
    }

    [Fact]
    public void A_client_with_many_requests_does_not_hold_up_one_with_few()
    {
        var device = new SimulatedDevice(new EngineOptions { MaxRunning = 1, AgeAfter = TimeSpan.FromHours(1) });
        var (greedy, modest) = (new JobClient(), new JobClient());
        var many = Enumerable.Range(0, 20).Select(i => device.At(0.001 * i, Long(), greedy)).ToList();
        var few = Enumerable.Range(0, 3).Select(i => device.At(0.1 + 0.001 * i, Long(), modest)).ToList();
        device.Run();
        // One of the many is at work and one more may go first; then they take turns.
        Assert.All(few.Index(), f => Assert.InRange(many.Count(m => m.LetIn < f.Item.LetIn), f.Index, f.Index + 2));
    }

    [Fact]
    public void Work_is_counted_by_tokens_so_that_short_prompts_come_more_often()
    {
        var device = new SimulatedDevice(new EngineOptions { MaxRunning = 1, AgeAfter = TimeSpan.FromHours(1) });
        var (longs, shorts) = (new JobClient(), new JobClient());
        var many = Enumerable.Range(0, 10).Select(i => device.At(0.001 * i, Long(), longs, tokens: 10_000)).ToList();
        var few = Enumerable.Range(0, 10).Select(i => device.At(0.001 * i, Long(), shorts, tokens: 1_000)).ToList();
        device.Run();
        Assert.InRange(many.Count(m => m.LetIn < few[9].LetIn), 1, 2);
    }

    [Fact]
    public void Screenshots_of_one_size_are_encoded_together_whoever_they_are_of()
    {
        var device = new SimulatedDevice { PerScreen = TimeSpan.FromMilliseconds(1) };
        var work = Enumerable.Range(0, 5).Select(i => device.At(0, new() { Screens = [s_small, i == 4 ? s_screen : s_small] })).ToList();
        device.Run();
        var pieces = device.Done.OfType<Quantum.Encode>().ToList();
        // The pace of encoding is known only once others write.
        Assert.Equal(10, pieces.Sum(p => p.Turns.Sum(t => t.Count)));
        Assert.All(work, w => Assert.Equal(28, w.LayersRead));
        device.At(device.Now.TotalSeconds, new() { Answer = 2000 });
        device.Run(device.Now.TotalSeconds + 1);
        for (var i = 0; i < 6; i++)
            device.At(device.Now.TotalSeconds + 0.5, new() { Screens = [s_small, s_small] });
        var before = device.Done.Count;
        device.Run();
        var later = device.Done.Skip(before).OfType<Quantum.Encode>().ToList();
        Assert.True(later.Count < 12, $"{later.Count} pieces for 12 screenshots");
        Assert.Contains(later, p => p.Turns.Count > 1);
    }

    [Fact]
    public void Time_limits_count_from_the_arrival()
    {
        var device = new SimulatedDevice();
        var turn = new JobTurn(new JobClient(), timeLimit: TimeSpan.FromSeconds(2));
        device.Scheduler.Add(turn);
        device.Clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(device.Scheduler.IsLate(turn));
        device.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(device.Scheduler.IsLate(turn));
        Assert.Null(device.Scheduler.Next());
    }

    /// <summary>Whatever comes, every request is read once, written once, and nobody writes with gaps beyond the bound.</summary>
    [Fact]
    public void All_end_and_gaps_stay_bounded_whatever_comes()
    {
        var plan = Gen.Select(Gen.Double[0, 5], Gen.Int[1, 40], Gen.Int[1, 20], Gen.Int[1, 60], Gen.Int[0, 3], Gen.Int[-2, 2]);
        plan.Array[1, 30].Sample(requests =>
        {
            var device = new SimulatedDevice(new EngineOptions { MaxRunning = 8 });
            var all = requests.Select(r => (r.Item2, r.Item4, Plan: device.At(
                r.Item1,
                new() { Layers = r.Item2, PerLayer = TimeSpan.FromMilliseconds(r.Item3), Answer = r.Item4, Screens = [.. Enumerable.Repeat(s_screen, r.Item5)] },
                priority: r.Item6))).ToList();
            device.Run();
            return all.All(a => a.Plan.LayersRead == a.Item1 && a.Plan.Written == a.Item2 && a.Plan.Ended is not null
                && a.Plan.Gaps.All(g => g <= TimeSpan.FromMilliseconds(35 + 36 + 20 + 8)));
        }, iter: 300);
    }
}
