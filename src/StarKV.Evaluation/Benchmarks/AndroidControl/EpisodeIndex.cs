using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>All steps of the episodes, for histories: <c>android_control_test.json</c>.</summary>
internal sealed class EpisodeIndex
{
    private const string FileName = "android_control_test.json";
    private readonly Dictionary<long, (string[] Screenshots, string[] Instructions, int Steps)> _episodes = [];

    private EpisodeIndex(string file)
    {
        File = file;
        foreach (var (number, row) in DataRows.OfList(file).Index())
        {
            try
            {
                var item = JsonFields.OfRow(row).RequiredObject("episode");
                var episode = item.WholeOrNull("episode_id", 0, long.MaxValue) ?? throw item.Missing("episode_id");
                _episodes[episode] =
                    ([.. item.TextList("screenshot_paths")], [.. item.TextList("step_instructions")], item.Values("actions").Count);
            }
            catch (Exception e) when (e is StarKvException or InvalidOperationException)
            {
                throw new StarKvException(
                    $"row {number} of {file} cannot be read: {e.Message} Each row holds "
                        + $"episode{{episode_id, screenshot_paths, actions, step_instructions}}.",
                    e);
            }
        }
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Reads the file from the folder of screenshots, or the folder above the annotations or the screenshots.</summary>
    /// <exception cref="StarKvException">It is in none of them, or has another form.</exception>
    public static EpisodeIndex Read(BenchmarkOptions options)
    {
        string[] places = [options.Images, Path.Combine(options.Annotations, ".."), Path.Combine(options.Images, "..")];
        var file = places.Select(p => Path.GetFullPath(Path.Combine(p, FileName))).FirstOrDefault(System.IO.File.Exists)
            ?? throw new StarKvException(
                $"a history needs {FileName} with the steps of all episodes in "
                    + $"{options.Images} or a folder above; without it, take --image-slots 1.");
        return new EpisodeIndex(file);
    }

    /// <summary>The screenshot's path and the instruction of an earlier step; null for one that the episode does not have.</summary>
    public (string Screenshot, string Instruction)? Step(long episode, int step)
    {
        if (!_episodes.TryGetValue(episode, out var e) || e.Screenshots.Length == 0 || step >= Math.Max(e.Steps, e.Screenshots.Length))
            return null;
        // Some episodes have fewer screenshots than actions.
        return (e.Screenshots[Math.Min(step, e.Screenshots.Length - 1)], step < e.Instructions.Length ? e.Instructions[step] : "");
    }
}
