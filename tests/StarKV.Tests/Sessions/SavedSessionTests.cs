using StarKV.Budget;
using StarKV.Runtime;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Tests.Agent;
using StarKV.Text;
using TorchSharp;

namespace StarKV.Tests.Sessions;

/// <summary>A session goes into a file and comes back as it was.</summary>
[Collection(MiniModelTests.Name)]
public sealed class SavedSessionTests(MiniModel mini) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MiniEpisode _episode = new();

    public static TheoryData<KvStorage> Storages { get; } = new(Enum.GetValues<KvStorage>());

    private static SessionOptions Options(string method, KvStorage storage) => new()
    {
        Method = Methods.Create(method),
        Budget = storage == KvStorage.Evict ? KvBudget.Tokens(150) : KvBudget.Keep(0.3),
        Storage = storage,
        Prompt = PromptStyle.Get("mini"),
        Generation = new() { MaxNewTokens = 24 },
    };

    private GuiSession Stepped(SessionOptions options, int steps)
    {
        var session = _episode.Open(mini.Agent, options);
        for (var step = 0; step < steps; step++)
            session.Step(_episode.Screen(step));
        return session;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Another_process_gives_the_answer_that_this_one_gives()
    {
        var expected = new List<string>();
        var folder = Directory.CreateDirectory(_folder.File("sessions")).FullName;
        foreach (var method in new[] { "full", "gui-kv", "snapkv", "star-kv" })
        {
            foreach (var storage in Enum.GetValues<KvStorage>().Where(s => method != "full" || s == KvStorage.Lossless).OrderBy(s => $"{s}"))
            {
                using var session = Stepped(Options(method, storage), 3);
                var name = $"{method}-{storage}";
                session.Save(Path.Combine(folder, name));
                expected.Add($"{name}: {string.Join(' ', session.Step(_episode.Screen(3)).Tokens)}");
            }
        }

        using var program = new HostProgram();
        // The order's words are parted by blanks, and the repository's path may have some.
        var screen = _folder.File("screen.png");
        File.Copy(MiniSample.Of("multi_step_instruction_first_0").Files()[3 % _episode.Screens.Count], screen);
        var (code, lines) = program.Run(
            $"session {folder} {screen}", ("STARKV_TEST_MODEL", MiniModel.Folder), (LibTorch.FolderVariable, LibTorch.Load().Folder));
        Assert.True(code == 0, string.Join('\n', lines));
        Assert.Equal([.. expected, "tensors left 0"], lines);
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void A_restored_session_goes_on_for_many_steps_and_can_be_saved_again(KvStorage storage)
    {
        var tensors = mini.Agent.LiveTensors;
        var path = _folder.File("a/b/session.starkv");
        using (var session = Stepped(Options("star-kv", storage), 2))
        {
            session.Step([_episode.Screen(2)], "and then?");
            session.DropFrame();
            session.Save(path);
            using var restored = mini.Agent.RestoreSession(path);
            Assert.Equal((3, 2), (restored.Steps, restored.Frames));
            var (before, after) = (session.Kv, restored.Kv);
            Assert.Equal((before.Tokens, before.NextPosition, before.FullBytes), (after.Tokens, after.NextPosition, after.FullBytes));
            Assert.Equal(0, after.DeviceBytes);
            Assert.Contains("was answered before it was saved", Assert.Throws<StarKvException>(restored.Rollback).Message, StringComparison.Ordinal);
            for (var step = 3; step < 5; step++)
            {
                var (expected, actual) = (session.Step(_episode.Screen(step)), restored.Step(_episode.Screen(step)));
                Assert.Equal(expected.Tokens, actual.Tokens);
                Assert.Equal(expected.Session!.TokensRead, actual.Session!.TokensRead);
                Assert.Equal(expected.Kv.RowsPerLayer, actual.Kv.RowsPerLayer);
            }

            // The whole state is what it is, however it came about.
            session.Save(path);
            restored.Save(_folder.File("again"));
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.File("again")));
        }

        Assert.Equal(tensors, mini.Agent.LiveTensors);
        Assert.Equal(["session.starkv"], Directory.EnumerateFileSystemEntries(_folder.File("a/b")).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void What_is_not_rows_is_a_small_part_of_the_file(KvStorage storage)
    {
        using var session = Stepped(Options("snapkv", storage), 5);
        var path = _folder.File("session");
        session.Save(path);
        var (bytes, rows) = (new FileInfo(path).Length, SessionFiles.RowBytes(path));
        var (kv, memory) = (session.Kv, SessionFiles.BytesOf(path, "memory."));
        TestContext.Current.SendDiagnosticMessage("{0}: {1} bytes, {2} of rows, {3} of memory", storage, bytes, rows, memory);
        var attended = storage == KvStorage.Lossless ? 0 : kv.DeviceBytes;
        Assert.InRange(rows, 0.5 * (kv.HostBytes + attended), kv.HostBytes + attended);
        // Texts and numbers are some kilobytes whatever the model's size, and a row of this one has an eighth of the bytes of a 7B model's.
        Assert.InRange(bytes - rows - memory, 1, Math.Max(0.01 * rows, 24_000));
        Assert.InRange(memory, 0, 0.02 * rows);
    }

    [Fact]
    public void A_session_that_has_not_begun_is_saved_too()
    {
        var options = Options("star-kv", KvStorage.Lossless) with
        {
            PastActions = ["click(start_box='(1,2)')", "wait()"],
            Prompt = new PromptStyle("my own", "Do this: {instruction}\n\"ä\" {", "You click. \uD83D\uDE00", InstructionPosition.Last),
        };
        using var session = mini.Agent.OpenSession("Click on \"Save\"", options);
        session.Save(_folder.File("session"));
        using var restored = mini.Agent.RestoreSession(_folder.File("session"));
        Assert.Equal(2, restored.Steps);
        Assert.Equal(session.Step(MiniModel.Tiny()).Tokens, restored.Step(MiniModel.Tiny()).Tokens);
        Assert.Equal(session.Kv.Tokens, restored.Kv.Tokens);
        restored.Rollback();
        Assert.Contains("no finished step", Assert.Throws<StarKvException>(restored.Rollback).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Earlier_screenshots_are_not_there_to_be_read_again()
    {
        var path = _folder.File("session");
        using (var session = Stepped(Options("snapkv", KvStorage.Lossless) with { FrameWindow = 2, Slide = WindowSlide.Exact }, 2))
            session.Save(path);
        using var restored = mini.Agent.RestoreSession(path);
        Assert.Contains(
            "The session was restored from a file, which holds rows and no pixels",
            Assert.Throws<StarKvException>(() => restored.Step(_episode.Screen(2))).Message, StringComparison.Ordinal);
        Assert.Equal((2, 2), (restored.Steps, restored.Frames));
        // Without the others nothing need be read again.
        restored.DropFrame();
        restored.DropFrame();
        Assert.Equal(3, restored.Step(_episode.Screen(2)).Session!.Step);
        Assert.Equal(1, restored.Frames);
    }

    [Fact]
    public void Every_option_comes_back()
    {
        var options = new SessionOptions
        {
            Method = new StarKv(StarKvOptions.Reference with { Alpha = 1.0 / 3, Window = 5 }),
            Budget = KvBudget.Keep(1.0 / 3),
            Storage = KvStorage.Store,
            HostBytes = 12_345_678_901,
            Protect = new() { System = true, Answers = true, Boxes = [new(0.1, 0.2, 1.0 / 3, 1) { FramesAgo = 2 }] },
            FrameWindow = 3,
            AnswerWindow = 0,
            Slide = WindowSlide.Exact,
            Position = InstructionPosition.First,
            ChunkTokens = 77,
            MeasureTimes = true,
            PastActions = ["one"],
            Prompt = PromptStyle.Get("opencua.l2"),
            Generation = new() { MaxNewTokens = 3, Temperature = 0.7, TopP = 0.9, TopK = 4, Seed = -5, RepetitionPenalty = 1.1, StopStrings = ["\n\n", "x"] },
        };
        using var memory = new LayerMemory();
        var model = new SessionModel(mini.Agent.Config.Text, mini.Agent.Compute, StarKV.Input.SmartResize.Default, "id");
        var path = _folder.File("session");
        TorchThread.Run(() =>
        {
            new SavedSession(options, options.Prompt, "Do", [new SessionTurn([], null, "one")], new HashSet<SessionFrame>(), null, memory)
                .Write(path, model, default);
            var read = SavedSession.Read(path, model, new RestoreOptions(), default);
            Assert.Equal(options.Prompt, read.Style);
            Assert.Equal(options.Method.Options, read.Options.Method.Options);
            Assert.Equal(options.Protect.Boxes, read.Options.Protect.Boxes);
            Assert.Equal(options.Generation.StopStrings, read.Options.Generation.StopStrings);
            Assert.Equal(options.PastActions, read.Options.PastActions);
            Assert.Equal(
                options with { Prompt = null },
                read.Options with
                {
                    Method = options.Method,
                    Protect = read.Options.Protect with { Boxes = options.Protect.Boxes } == options.Protect ? options.Protect : read.Options.Protect,
                    PastActions = options.PastActions,
                    Generation = read.Options.Generation with { StopStrings = options.Generation.StopStrings },
                });
            Assert.Equal(7, SavedSession.Read(path, model, new RestoreOptions { HostBytes = 7 }, default).Options.HostBytes);
        });
    }

    [Fact]
    public void A_method_of_the_callers_own_is_given_again()
    {
        var options = Options("snapkv", KvStorage.Evict) with { Method = new ValueNorm() };
        using var session = Stepped(options, 1);
        var path = _folder.File("session");
        session.Save(path);
        Assert.Equal(
            $"{path} was saved with the method 'value-norm', which is not one that this program makes by itself. Give it as RestoreOptions.Method.",
            Assert.Throws<StarKvException>(() => mini.Agent.RestoreSession(path)).Message);
        Assert.Contains(
            "RestoreOptions.Method is full.",
            Assert.Throws<StarKvException>(() => mini.Agent.RestoreSession(path, new() { Method = new Full() })).Message,
            StringComparison.Ordinal);
        using var restored = mini.Agent.RestoreSession(path, new() { Method = new ValueNorm() });
        Assert.Equal(session.Step(_episode.Screen(1)).Tokens, restored.Step(_episode.Screen(1)).Tokens);
    }

    [Fact]
    public void So_is_what_it_remembers()
    {
        var (first, second) = (new Counting(), new Counting());
        var path = _folder.File("session");
        using (var session = Stepped(Options("snapkv", KvStorage.Evict) with { Method = first }, 2))
            session.Save(path);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2], first.Seen);
        using var restored = mini.Agent.RestoreSession(path, new() { Method = second });
        restored.Step(_episode.Screen(2));
        Assert.Equal(Enumerable.Repeat(3L, 8), second.Seen);
        Assert.Equal(first.Held[^8..], second.Remembered);
    }

    [Fact]
    public void A_memory_that_has_no_form_in_a_file_is_named_and_nothing_is_written()
    {
        using var session = Stepped(Options("snapkv", KvStorage.Lossless) with { Method = new Forgetful() }, 1);
        var error = Assert.Throws<StarKvException>(() => session.Save(_folder.File("session")));
        Assert.StartsWith(
            "The session cannot be saved: forgetful remembers a Secret of layer 0, which has no form in a file.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        // It goes on.
        Assert.Equal(2, session.Step(_episode.Screen(1)).Session!.Step);
    }

    [Fact]
    public async Task Saving_is_ended_and_refused_as_a_step_is()
    {
        using var session = Stepped(Options("snapkv", KvStorage.Lossless), 1);
        await session.SaveAsync(_folder.File("session"));
        var bytes = await File.ReadAllBytesAsync(_folder.File("session"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.SaveAsync(_folder.File("session"), new CancellationToken(true)));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder.File("session")));
        Assert.Contains("it is a folder", Assert.Throws<StarKvException>(() => session.Save(_folder.Path)).Message, StringComparison.Ordinal);
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Save(_folder.File("other")));
        Assert.Throws<ObjectDisposedException>(session.Offload);
        Assert.Equal(["session"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Rows_of_another_number_type_are_rounded_only_when_that_is_asked_for()
    {
        var path = _folder.File("session");
        using (var session = Stepped(Options("star-kv", KvStorage.Store), 2))
            session.Save(path);
        using var rounding = GuiAgent.Load(MiniModel.Folder, "cpu", "bfloat16");
        var tensors = rounding.LiveTensors;
        Assert.Contains(
            "holds rows in F32, and this agent computes in BF16. Load the model in the file's number type, or say RestoreOptions.ConvertNumbers",
            Assert.Throws<StarKvException>(() => rounding.RestoreSession(path)).Message, StringComparison.Ordinal);
        using (var restored = rounding.RestoreSession(path, new() { ConvertNumbers = true }))
        {
            Assert.Equal(2L * 2 * 8 * 2 * 64, restored.Kv.FullBytes / restored.Kv.Tokens);
            Assert.InRange(restored.Step(_episode.Screen(2)).Session!.TokensRead, 1, restored.Kv.Tokens / 2);
        }

        Assert.Equal(tensors, rounding.LiveTensors);
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void An_idle_session_waits_in_the_hosts_memory(KvStorage storage)
    {
        using var session = Stepped(Options("star-kv", storage), 2);
        using var fork = session.Fork();
        var (tensors, before) = (mini.Agent.LiveTensors, session.Kv);
        session.Offload();
        session.Offload();
        var away = session.Kv;
        Assert.Equal((0, before.Tokens), (away.DeviceBytes, away.Tokens));
        Assert.InRange(away.HostBytes, before.HostBytes, before.HostBytes + before.DeviceBytes);
        Assert.Equal(storage != KvStorage.Lossless, away.HostBytes > before.HostBytes);
        Assert.Equal(before, fork.Kv);
        using var other = session.Fork();
        session.DropFrame();
        fork.DropFrame();
        Assert.Equal(fork.Step(_episode.Screen(2)).Tokens, session.Step(_episode.Screen(2)).Tokens);
        Assert.Equal(fork.Kv.DeviceBytes, session.Kv.DeviceBytes);
        Assert.Equal(0, other.Kv.DeviceBytes);
        Assert.Equal(tensors, mini.Agent.LiveTensors);
    }

    /// <summary>A method that counts its readings, and remembers the first key of the last one.</summary>
    private sealed class Counting : ICompressionMethod
    {
        public List<long> Seen { get; } = [];

        public List<float> Held { get; } = [];

        public List<float> Remembered { get; } = [];

        public string Name => "counting";

        public IReadOnlyList<LayerStateKind> States { get; } = [LayerStateKind.Of<Count>("count")];

        public int Window(TokenMap prompt) => 4;

        public torch.Tensor Score(in StarKV.Observe.LayerObservation observation, LayerMemory memory)
        {
            var count = memory.For<Count>(observation.Layer);
            Seen.Add(++count.Readings);
            if (count.Key is not null)
                Remembered.Add(count.Key.sum().item<float>());
            count.Key?.Dispose();
            count.Key = observation.Keys[0, 0].clone().DetachFromDisposeScope();
            Held.Add(count.Key.sum().item<float>());
            return observation.Keys.narrow(1, 0, observation.Past).norm(2);
        }

        private sealed class Count : ILayerState
        {
            public long Readings { get; set; }

            public torch.Tensor? Key { get; set; }

            public ILayerState Copy() => new Count { Readings = Readings, Key = Key?.clone().DetachFromDisposeScope() };

            public bool Save(LayerStateContent content)
            {
                content.Put("readings", Readings);
                content.Put("key", Key);
                return true;
            }

            public void Load(LayerStateContent content)
            {
                Readings = content.Number("readings", 1, 100);
                Key = content.Take("key", torch.ScalarType.Float32, -1)?.clone().DetachFromDisposeScope();
            }

            public void Dispose() => Key?.Dispose();
        }
    }

    /// <summary>A method whose state cannot be saved.</summary>
    private sealed class Forgetful : ICompressionMethod
    {
        public string Name => "forgetful";

        public int Window(TokenMap prompt) => 4;

        public torch.Tensor Score(in StarKV.Observe.LayerObservation observation, LayerMemory memory)
        {
            _ = memory.For<Secret>(observation.Layer);
            return observation.Keys.narrow(1, 0, observation.Past).norm(2);
        }

        private sealed class Secret : ILayerState
        {
            public ILayerState Copy() => new Secret();

            public void Dispose()
            {
            }
        }
    }
}
