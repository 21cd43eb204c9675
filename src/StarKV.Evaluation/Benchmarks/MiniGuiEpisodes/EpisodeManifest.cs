using System.Text;
using System.Text.Json;
using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Files;
using StarKV.MiniGui.Draw;

namespace StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;

/// <summary>The committed list of episodes: a JSON array with one episode per line.</summary>
public static class EpisodeManifest
{
    /// <summary>The benchmark's name and version.</summary>
    public const string Name = "minigui-episodes-v1";

    /// <summary>Reads the list that comes with the program.</summary>
    public static IReadOnlyList<EpisodeTask> Load()
    {
        using var stream = typeof(EpisodeManifest).Assembly.GetManifestResourceStream($"StarKV.Evaluation.{Name}.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return JsonFile.Record<List<EpisodeTask>>(bytes, MiniGuiManifest.Json, $"{Name} is not a list of episodes");
    }

    /// <summary>Draws every episode of <see cref="EpisodePlan"/>, in order; takes seconds.</summary>
    /// <param name="done">Called with how many are done; may be null.</param>
    /// <param name="cancellation">Checked before every episode.</param>
    public static IReadOnlyList<EpisodeTask> Make(Action<int>? done = null, CancellationToken cancellation = default)
    {
        using var painter = new ScreenPainter();
        var tasks = new List<EpisodeTask>(EpisodePlan.Count);
        for (var place = 0; place < EpisodePlan.Count; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            tasks.Add(EpisodePlan.Find(place, painter));
            done?.Invoke(tasks.Count);
        }

        return tasks;
    }

    /// <summary>The list's bytes; equal episodes give equal bytes.</summary>
    public static byte[] Bytes(IReadOnlyList<EpisodeTask> tasks) =>
        Encoding.UTF8.GetBytes($"[\n{string.Join(",\n", tasks.Select(Line))}\n]\n");

    /// <summary>One episode's line.</summary>
    public static string Line(EpisodeTask task) => JsonSerializer.Serialize(task, MiniGuiManifest.Json);
}
