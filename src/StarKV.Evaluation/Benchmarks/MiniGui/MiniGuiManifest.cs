using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StarKV.Files;
using StarKV.MiniGui.Draw;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>The committed list of tasks: a JSON array with one task per line.</summary>
public static class MiniGuiManifest
{
    /// <summary>The benchmark's name and version.</summary>
    public const string Name = "minigui-bench-v1";

    /// <summary>The name of version 1b, see <see cref="MiniGuiPlan.Second"/>.</summary>
    public const string SecondName = "minigui-bench-v1b";

    /// <summary>The name of version 2, see <see cref="MiniGuiPlan.Hard"/>.</summary>
    public const string HardName = "minigui-bench-v2";

    /// <summary>The names of the lists that come with the program.</summary>
    internal static IReadOnlyList<string> Names { get; } = [Name, SecondName, HardName];

    /// <summary>How lines of manifests are written.</summary>
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads a manifest that comes with the program.</summary>
    /// <param name="name"><see cref="Name"/> (default), <see cref="SecondName"/> or <see cref="HardName"/>.</param>
    /// <exception cref="ArgumentException">It is another name.</exception>
    public static IReadOnlyList<MiniGuiTask> Load(string name = Name)
    {
        if (!Names.Contains(name))
            throw new ArgumentException(
                $"There is no manifest \"{MessageText.Text(name)}\"; there are {string.Join(", ", Names)}.", nameof(name));
        using var stream = typeof(MiniGuiManifest).Assembly.GetManifestResourceStream($"StarKV.Evaluation.{name}.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Tasks(bytes, name);
    }

    /// <summary>Reads a manifest from a file.</summary>
    /// <exception cref="StarKvException">The file is not a manifest; the message names task and field.</exception>
    public static IReadOnlyList<MiniGuiTask> Read(string path)
    {
        var tasks = Tasks(PlainFile.ReadAllBytes(path), path);
        if (tasks.Count == 0)
            throw new StarKvException($"{path} is not a list of tasks: it holds none. starkv eval manifest writes one.");
        var ids = new HashSet<string>();
        foreach (var (number, task) in tasks.Index())
        {
            var fault = task is null ? "is null" : task.Fault ?? (ids.Add(task.Id) ? null : "has an id that occurs twice");
            if (fault is not null)
                throw new StarKvException(
                    $"{path} is not a list of tasks: task {number + 1}{(task is null ? "" : $", {MessageText.Name(task.Id)},")} "
                        + $"{fault}. starkv eval manifest writes one.");
        }

        return tasks;
    }

    private static List<MiniGuiTask> Tasks(byte[] utf8, string source) =>
        JsonFile.Record<List<MiniGuiTask>>(utf8, Json, $"{source} is not a list of tasks; starkv eval manifest writes one");

    /// <summary>Finds every task of a plan, in order; thousands take a minute.</summary>
    /// <param name="plan">What to find.</param>
    /// <param name="done">Called with how many are done; may be null.</param>
    /// <param name="cancellation">Checked before every task.</param>
    public static IReadOnlyList<MiniGuiTask> Make(MiniGuiPlan plan, Action<int>? done = null, CancellationToken cancellation = default)
    {
        using var painter = new ScreenPainter();
        var tasks = new List<MiniGuiTask>(plan.Count);
        for (var place = 0; place < plan.Count; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            tasks.Add(plan.Find(place, painter));
            done?.Invoke(tasks.Count);
        }

        return tasks;
    }

    /// <summary>The manifest's bytes; equal tasks give equal bytes.</summary>
    public static byte[] Bytes(IReadOnlyList<MiniGuiTask> tasks) =>
        Encoding.UTF8.GetBytes($"[\n{string.Join(",\n", tasks.Select(Line))}\n]\n");

    /// <summary>One task's line.</summary>
    public static string Line(MiniGuiTask task) => JsonSerializer.Serialize(task, Json);
}
