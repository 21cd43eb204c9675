using System.Globalization;
using System.Text.Json;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>Steps and pages of the original data set's parquet files, in the form of UGround's rows.</summary>
/// <param name="file">The file.</param>
internal sealed class ParquetPages(string file)
{
    private readonly Lock _lock = new();
    private (int Group, IReadOnlyList<byte[]?> Pages) _held = (-1, []);

    /// <summary>Each row as UGround's version has it, null for one that cannot be read, with its page.</summary>
    /// <exception cref="StarKvException">The file cannot be read or lacks a column.</exception>
    public IEnumerable<(JsonElement? Row, IPage Page)> Rows()
    {
        using var columns = new ParquetColumns(file);
        for (var group = 0; group < columns.Groups; group++)
        {
            var (tasks, actions, goals) = (Texts("annotation_id"), Texts("action_uid"), Texts("confirmed_task"));
            var (operations, candidates, words, steps) = (Texts("operation"), Texts("pos_candidates"), Texts("action_reprs"), Texts("target_action_index"));
            for (var row = 0; row < tasks.Count; row++)
                yield return (Row(tasks[row], actions[row], goals[row], operations[row], candidates[row], words[row], steps[row]), new Page(this, group, row));

            IReadOnlyList<IReadOnlyList<string>> Texts(string column) => columns.Texts(group, column);
        }
    }

    private static JsonElement? Row(
        IReadOnlyList<string> task, IReadOnlyList<string> action, IReadOnlyList<string> goal, IReadOnlyList<string> operation, IReadOnlyList<string> candidates, IReadOnlyList<string> words, IReadOnlyList<string> step)
    {
        try
        {
            var done = int.Parse(step[0], CultureInfo.InvariantCulture);
            using var parsed = JsonDocument.Parse(operation[0]);
            var boxes = candidates.Select(Box).OfType<WebBox>().ToList();
            return JsonSerializer.SerializeToElement(new
            {
                annotation_id = task[0],
                task = goal[0],
                operation = parsed.RootElement.GetProperty("op").GetString(),
                value = parsed.RootElement.GetProperty("value").GetString(),
                bbox = boxes.Select(Listed),
                previous_actions = words.Take(done),
                total_steps = words.Count,
                blocks_path = $"{task[0]}_{action[0]}",
                target_blocks = PageBlocks.Targets(boxes).ToDictionary(b => b.Key.ToString(CultureInfo.InvariantCulture), b => b.Value.Select(Listed)),
            });
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    // A candidate is JSON whose attributes are JSON again; the box is a text "x,y,width,height" in pixels of the page.
    private static WebBox? Box(string candidate)
    {
        using var parsed = JsonDocument.Parse(candidate);
        using var attributes = JsonDocument.Parse(parsed.RootElement.GetProperty("attributes").GetString()!);
        if (!attributes.RootElement.TryGetProperty("bounding_box_rect", out var box))
            return null;
        var numbers = box.GetString()!.Split(',').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToList();
        return new WebBox(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static double[] Listed(WebBox box) => [box.X, box.Y, box.Width, box.Height];

    /// <summary>A row's picture. Those of one row group are held, since rows are run in order.</summary>
    private Screenshot Picture(int group, int row)
    {
        lock (_lock)
        {
            if (_held.Group != group)
            {
                using var columns = new ParquetColumns(file);
                _held = (group, columns.Bytes(group, "screenshot/bytes"));
            }

            var name = $"row {row} of group {group} of {Path.GetFileName(file)}";
            return Screenshot.Decode(_held.Pages[row] ?? throw new StarKvException($"{name} has no screenshot."), name);
        }
    }

    private sealed class Page(ParquetPages pages, int group, int row) : IPage
    {
        public bool Has(int block) => block >= 0 && block < PageBlocks.Count(pages.Picture(group, row).Height);

        public Screenshot Read(int block) => PageBlocks.Cut(pages.Picture(group, row), block);
    }
}
