using StarKV.Score;

namespace StarKV.Tests.Score;

/// <summary>What a memory holds after readings that end, fail, lie in one another or are reset meanwhile.</summary>
public sealed class LayerMemoryTests
{
    private sealed class State : ILayerState
    {
        public int Value { get; set; }

        public bool Disposed { get; private set; }

        public State? LastCopy { get; private set; }

        public ILayerState Copy() => LastCopy = new State { Value = Value };

        public void Dispose() => Disposed = true;
    }

    private sealed class OnlyDisposable : IDisposable
    {
        public int Value { get; set; }

        public void Dispose() => Value = -1;
    }

    [Fact]
    public void Layers_and_types_have_states_of_their_own_made_once()
    {
        using var memory = new LayerMemory();
        Assert.Same(memory.For<State>(3), memory.For<State>(3));
        Assert.NotSame(memory.For<State>(3), memory.For<State>(4));
        Assert.Equal(0, memory.For<OnlyDisposable>(3).Value);
    }

    [Fact]
    public void A_reading_that_fails_puts_back_what_was_there_when_it_first_asked()
    {
        using var memory = new LayerMemory();
        var first = memory.For<State>(0);
        first.Value = 5;
        State fresh;
        using (memory.Use())
        {
            memory.For<State>(0).Value = 6;
            memory.For<State>(0).Value = 7;
            fresh = memory.For<State>(1);
        }

        Assert.Equal(5, memory.For<State>(0).Value);
        Assert.Equal((true, true), (first.Disposed, fresh.Disposed));
        Assert.NotSame(fresh, memory.For<State>(1));
        Assert.False(memory.For<State>(0).Disposed);
    }

    [Fact]
    public void A_reading_that_ends_keeps_what_was_learned_and_frees_what_was_noted()
    {
        using var memory = new LayerMemory();
        var state = memory.For<State>(0);
        using (var use = memory.Use())
        {
            memory.For<State>(0).Value = 7;
            memory.For<State>(1).Value = 8;
            use.Complete();
        }

        Assert.Equal((7, 8, false), (memory.For<State>(0).Value, memory.For<State>(1).Value, state.Disposed));
        Assert.True(state.LastCopy!.Disposed);
        // The next reading notes afresh.
        using (memory.Use())
            memory.For<State>(0).Value = 9;
        Assert.Equal(7, memory.For<State>(0).Value);
    }

    [Theory]
    [InlineData(true, true, 7)]
    [InlineData(true, false, 5)]
    [InlineData(false, true, 5)]
    [InlineData(false, false, 5)]
    public void Readings_in_one_another_count_only_when_both_end(bool inner, bool outer, int value)
    {
        using var memory = new LayerMemory();
        memory.For<State>(0).Value = 5;
        using (var whole = memory.Use())
        {
            memory.For<State>(0).Value = 6;
            using (var part = memory.Use())
            {
                memory.For<State>(0).Value = 7;
                if (inner)
                    part.Complete();
            }

            Assert.Equal(7, memory.For<State>(0).Value);
            if (outer)
                whole.Complete();
        }

        Assert.Equal(value, memory.For<State>(0).Value);
        // A failure does not reach the next reading.
        using (var next = memory.Use())
        {
            memory.For<State>(0).Value = 8;
            next.Complete();
        }

        Assert.Equal(8, memory.For<State>(0).Value);
    }

    [Fact]
    public void A_reading_ends_once_however_often_it_is_disposed()
    {
        using var memory = new LayerMemory();
        using var whole = memory.Use();
        var part = memory.Use();
        part.Complete();
        part.Dispose();
        part.Dispose();
        memory.For<State>(0).Value = 3;
        whole.Complete();
        whole.Dispose();
        Assert.Equal(3, memory.For<State>(0).Value);
    }

    [Fact]
    public void State_that_cannot_be_copied_keeps_what_it_was_given()
    {
        using var memory = new LayerMemory();
        memory.For<OnlyDisposable>(0).Value = 5;
        using (memory.Use())
            memory.For<OnlyDisposable>(0).Value = 6;
        Assert.Equal(6, memory.For<OnlyDisposable>(0).Value);
    }

    [Fact]
    public void A_reset_by_the_reading_itself_acts_at_once_and_a_failure_undoes_it()
    {
        using var memory = new LayerMemory();
        var (asked, unasked) = (memory.For<State>(0), memory.For<State>(1));
        (asked.Value, unasked.Value) = (5, 6);
        using (memory.Use())
        {
            memory.For<State>(0).Value = 7;
            memory.Reset();
            Assert.Equal((true, true), (asked.Disposed, unasked.Disposed));
            Assert.Equal(0, memory.For<State>(0).Value);
        }

        Assert.Equal((5, 6), (memory.For<State>(0).Value, memory.For<State>(1).Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reset_by_another_thread_waits_for_the_reading_and_holds_whether_it_ends_or_fails(bool completed)
    {
        using var memory = new LayerMemory();
        memory.For<State>(0).Value = 5;
        var use = memory.Use();
        Elsewhere(memory.Reset);
        Assert.Equal(5, memory.For<State>(0).Value);
        if (completed)
            use.Complete();
        use.Dispose();
        Assert.Equal(0, memory.For<State>(0).Value);
        // Nor does it empty the next one.
        memory.For<State>(0).Value = 4;
        using (var next = memory.Use())
            next.Complete();
        Assert.Equal(4, memory.For<State>(0).Value);
        // Without a reading it acts at once.
        Elsewhere(memory.Reset);
        Assert.Equal(0, memory.For<State>(0).Value);
    }

    [Fact]
    public void Another_thread_may_read_with_it_only_afterwards()
    {
        using var memory = new LayerMemory();
        using (memory.Use())
            Elsewhere(() => Assert.Contains("in use by another answer", Assert.Throws<StarKvException>(memory.Use).Message, StringComparison.Ordinal));
        Elsewhere(() => memory.Use().Dispose());
    }

    private static void Elsewhere(Action work)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(work));
        thread.Start();
        thread.Join();
        Assert.Null(error);
    }
}
