using System.Text.RegularExpressions;
using StarKV.Files;
using StarKV.Hub;
using StarKV.Input;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Tests.Issues;

/// <summary>A picture or a model's file that was a pipe was waited for without end. Reliability F12.</summary>
public sealed partial class InputsThatAreNoFiles : IDisposable
{
    // Each with the reason why it opens files itself.
    private static readonly Dictionary<string, string> s_others = new()
    {
        ["src/StarKV/Files/PlainFile.cs"] = "the one place",
        ["src/StarKV.Cli/Commands/DoctorCommand.cs"] = "the system's release, a constant name",
        ["src/StarKV/Files/FolderDraft.cs"] = "a file that was just written, to give it to the disk",
        ["src/StarKV/Files/FolderMarker.cs"] = "asks for the kind of file first; is compiled into a library without the one place",
        ["src/StarKV/Files/OutputFile.cs"] = "an output, whose kind was asked for",
        ["src/StarKV/Runtime/Native/ElfLibrary.cs"] = "a library that is loaded next",
        ["src/StarKV/Runtime/Native/LoadedLibrary.cs"] = "the system's own files",
        ["src/StarKV/Runtime/MemoryReading.cs"] = "the system's own files",
        ["src/StarKV/Runtime/Native/TorchSharpBinding.cs"] = "a library that is loaded next",
        ["src/StarKV.Evaluation/Runs/RunEnvironment.cs"] = "a libtorch that was loaded before, and the system's own files",
        ["src/StarKV.MiniGui.Training/Run/Trainer.cs"] = "a file of the run's own folder",
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<string> Refusal(Action read) =>
        (await Assert.ThrowsAsync<StarKvException>(() => Task.Run(read, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken))).Message;

    public static TheoryData<string> Readers => [.. s_readers.Keys];

    private static readonly Dictionary<string, (string Name, Action<string> Read)> s_readers = new()
    {
        ["screenshot"] = ("screen.png", path => Screenshot.Load(path)),
        ["weights"] = ("model.safetensors", path => SafetensorsFile.Open(path).Dispose()),
        ["configuration"] = ("config.json", path => JsonFile.Read(path)),
        ["tokenizer.json"] = ("tokenizer.json", path => QwenTokenizer.Load(path)),
        ["tiktoken.model"] = ("tiktoken.model", path => QwenTokenizer.LoadFolder(Path.GetDirectoryName(path)!)),
        ["preprocessor"] = ("preprocessor_config.json", path => PreprocessorConfig.Load(Path.GetDirectoryName(path)!)),
        ["prompt"] = ("prompt.txt", path => PromptStyle.Get($"file:{path}")),
        ["token"] = ("token", path => HubToken.ReadFile(path)),
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_pipe_is_refused_at_once(string reader)
    {
        var (name, read) = s_readers[reader];
        var path = _folder.Pipe(name);
        var message = await Refusal(() => read(path));
        Assert.Contains($"{name}", message, StringComparison.Ordinal);
        Assert.Contains("it is a named pipe; give a regular file.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_is_a_link_to_a_pipe()
    {
        File.CreateSymbolicLink(_folder.File("screen.png"), _folder.Pipe("pipe"));
        Assert.Contains("it is a named pipe", await Refusal(() => Screenshot.Load(_folder.File("screen.png"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero", "it is a device")]
    [InlineData("/dev/null", "it is a device")]
    [InlineData("/dev", "it is a folder")]
    [InlineData("/nowhere/at/all", "does not exist")]
    [InlineData("", "cannot be read")]
    [InlineData("a\0b", "cannot be read")]
    public async Task Whatever_is_no_regular_file_is_named(string path, string reason)
    {
        Assert.Contains(reason, await Refusal(() => PlainFile.ReadAllBytes(path)), StringComparison.Ordinal);
        Assert.Contains(reason, await Refusal(() => Screenshot.Load(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_is_refused()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder.File("socket")));
        Assert.Contains("cannot be read", Assert.Throws<StarKvException>(() => PlainFile.ReadAllBytes(_folder.File("socket"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Regular_files_and_links_to_them_are_read_and_their_limit_is_named()
    {
        var file = _folder.Write("a b ä.txt", "\uFEFFtext");
        File.CreateSymbolicLink(_folder.File("link"), file);
        Assert.Equal("text", PlainFile.ReadAllText(file));
        Assert.Equal(7, PlainFile.ReadAllBytes(_folder.File("link"), max: 7).Length);
        Assert.Equal($"{file} has 7 bytes; the limit is 6.", Assert.Throws<StarKvException>(() => PlainFile.ReadAllBytes(file, max: 6)).Message);
        Assert.Empty(PlainFile.ReadAllBytes(_folder.Write("empty", "")));
    }

    [Fact]
    public void Other_programs_may_hold_the_file_open_for_writing()
    {
        using var writer = new FileStream(_folder.File("log"), FileMode.Create, FileAccess.Write, FileShare.None);
        writer.Write("one\n"u8);
        writer.Flush();
        Assert.Equal("one\n", PlainFile.ReadAllText(_folder.File("log")));
    }

    [Fact]
    public void Nothing_opens_the_files_of_people_but_the_one_place()
    {
        var root = RepositoryFiles.Path();
        var found = RepositoryFiles.Sources()
            .Where(f => File.ReadLines(Path.Combine(root, f)).Any(line => Reader().IsMatch(line))).ToList();
        Assert.Contains("src/StarKV/Files/PlainFile.cs", found);
        Assert.Empty(found.Except(s_others.Keys));
    }

    // What lies in /proc is the system's. Writers open with another mode, and resources come from a stream.
    [GeneratedRegex("""\bFile\.(OpenRead|OpenText|OpenHandle|Open|Copy|ReadAllText|ReadAllBytes|ReadLines|ReadAllLines)(Async)?\b(?!\(\$?"/proc/)|FileMode\.Open\b|new StreamReader\((?!stream\b|new MemoryStream|typeof)|CreateFromFile\((?!\s*$)|ParquetReader\.CreateAsync\((?!_window)""")]
    private static partial Regex Reader();
}
