using System.Text.Json;
using StarKV.Evaluation.Benchmarks.Data;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>All steps of the episodes, for histories: <c>android_control_test.json</c>.</summary>
internal sealed class EpisodeIndex
{
    private const string FileName = "android_control_test.json";
    private readonly Dictionary<long, (string[] Screenshots, string[] Instructions, int Steps)> _episodes = [];

    private EpisodeIndex(string file)
    {
        File = file;
        foreach (var item in DataRows.OfList(file).Select(row => row.GetProperty("episode")))
        {
            var actions = item.TryGetProperty("actions", out var list) ? list.GetArrayLength() : 0;
            _episodes[item.GetProperty("episode_id").GetInt64()] = (Texts(item, "screenshot_paths"), Texts(item, "step_instructions"), actions);
        }
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Reads the file from the folder of screenshots, or the folder above the annotations or the screenshots.</summary>
    /// <exception cref="StarKvException">It lies in none of them, or has another form.</exception>
    public static EpisodeIndex Read(BenchmarkOptions options)
    {
        string[] places = [options.Images, Path.Combine(options.Annotations, ".."), Path.Combine(options.Images, "..")];
        var file = places.Select(p => Path.GetFullPath(Path.Combine(p, FileName))).FirstOrDefault(System.IO.File.Exists)
            ?? throw new StarKvException($"a history needs {FileName} with the steps of all episodes in {options.Images} or a folder above; without it, take --image-slots 1.");
        try
        {
            return new EpisodeIndex(file);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new StarKvException($"{file} cannot be read: {e.Message} Each row holds episode{{episode_id, screenshot_paths, actions, step_instructions}}.", e);
        }
    }

    /// <summary>The screenshot's path and the instruction of an earlier step; null for one that the episode does not have.</summary>
    public (string Screenshot, string Instruction)? Step(long episode, int step)
    {
        if (!_episodes.TryGetValue(episode, out var e) || e.Screenshots.Length == 0 || step >= Math.Max(e.Steps, e.Screenshots.Length))
            return null;
        // Some episodes have fewer screenshots than actions.
        return (e.Screenshots[Math.Min(step, e.Screenshots.Length - 1)], step < e.Instructions.Length ? e.Instructions[step] : "");
    }

    private static string[] Texts(JsonElement item, string name) => item.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(t => t.GetString() ?? "")] : [];
}
