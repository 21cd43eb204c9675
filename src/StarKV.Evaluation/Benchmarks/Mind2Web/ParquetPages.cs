using System.Globalization;
using System.Text;
using System.Text.Json;
using StarKV.Files;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>Steps and pages of the original data set's parquet files, in the form of UGround's rows.</summary>
/// <param name="file">The file.</param>
internal sealed class ParquetPages(string file)
{
    private readonly string _file = file;
    private readonly Lock _lock = new();
    private (int Group, IReadOnlyList<byte[]?> Pages) _held = (-1, []);

    /// <summary>
    /// Each row as UGround's version has it, but for the blocks, with its page; null and the reason for one that cannot be read.
    /// </summary>
    /// <exception cref="StarKvException">The file cannot be read or lacks a column.</exception>
    public IEnumerable<(JsonElement? Row, string Fault, Func<Mind2WebRow, IPage> Page)> Rows()
    {
        using var columns = new ParquetColumns(_file);
        for (var group = 0; group < columns.Groups; group++)
        {
            var tasks = Texts("annotation_id");
            var actions = Texts("action_uid");
            var goals = Texts("confirmed_task");
            var operations = Texts("operation");
            var candidates = Texts("pos_candidates");
            var words = Texts("action_reprs");
            var steps = Texts("target_action_index");
            if (new[] { actions, goals, operations, candidates, words, steps }.FirstOrDefault(c => c.Count != tasks.Count) is { } other)
                throw new StarKvException(
                    $"{_file} cannot be read: row group {group} has {tasks.Count} rows "
                        + $"in one column and {other.Count} in another. Download it again.");
            for (var i = 0; i < tasks.Count; i++)
            {
                var (row, fault) = Row(tasks[i], actions[i], goals[i], operations[i], candidates[i], words[i], steps[i]);
                var (inGroup, number) = (group, i);
                yield return (row, fault, read => new Page(this, inGroup, number, read.Boxes));
            }

            IReadOnlyList<IReadOnlyList<string>> Texts(string column) => columns.Texts(group, column);
        }
    }

    private static (JsonElement? Row, string Fault) Row(
        IReadOnlyList<string> task,
        IReadOnlyList<string> action,
        IReadOnlyList<string> goal,
        IReadOnlyList<string> operation,
        IReadOnlyList<string> candidates,
        IReadOnlyList<string> words,
        IReadOnlyList<string> step)
    {
        try
        {
            var parsed = Fields(Only("operation", operation), "operation");
            return (JsonSerializer.SerializeToElement(new
            {
                annotation_id = Only("annotation_id", task),
                task = Only("confirmed_task", goal),
                operation = parsed.RequiredText("op"),
                value = parsed.Text("value") ?? "",
                bbox = candidates.Select(Box).OfType<double[]>(),
                previous_actions = words.Take(Index(Only("target_action_index", step))),
                total_steps = words.Count,
                blocks_path = $"{task[0]}_{Only("action_uid", action)}",
            }), "");
        }
        catch (Exception e) when (e is StarKvException or InvalidOperationException)
        {
            return (null, e.Message);
        }
    }

    private static string Only(string column, IReadOnlyList<string> values) =>
        values is [var value, ..] ? value : throw new StarKvException($"{column} is missing.");

    private static int Index(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new StarKvException($"target_action_index is {MessageText.Text(text)}; a whole number is expected.");

    // A candidate is JSON whose attributes are JSON again; the box is a text "x,y,width,height" in pixels of the page.
    private static double[]? Box(string candidate)
    {
        const string Source = "a candidate of pos_candidates";
        var attributes = Fields(Fields(candidate, Source).RequiredText("attributes"), $"the attributes of {Source}");
        if (attributes.Text("bounding_box_rect") is not { } text)
            return null;
        var numbers = text.Split(',')
            .Select(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)
            .ToArray();
        return numbers.Length == 4 && numbers.All(double.IsFinite)
            ? numbers
            : throw attributes.Bad("bounding_box_rect", "\"x,y,width,height\"");
    }

    private static JsonFields Fields(string json, string source) =>
        JsonFields.OfRow(JsonFile.Value(Encoding.UTF8.GetBytes(json), source), source);

    /// <summary>
    /// A row's picture, still encoded; null when it has none. Those of one row group are held, since rows are run in order.
    /// </summary>
    private byte[]? Encoded(int group, int row)
    {
        lock (_lock)
        {
            if (_held.Group != group)
            {
                using var columns = new ParquetColumns(_file);
                _held = (group, columns.Bytes(group, "screenshot/bytes"));
            }

            return row < _held.Pages.Count ? _held.Pages[row] : null;
        }
    }

    private sealed class Page(ParquetPages pages, int group, int row, IReadOnlyList<WebBox> boxes) : IPage
    {
        // Decoding a page takes long, and its size decides all that is asked of it except its pixels.
        private IReadOnlyList<PageBlock>? _blocks;

        public TaskPicture First => new(Name, () => pages.Encoded(group, row) is not null);

        private string Name => $"row {row} of group {group} of {Path.GetFileName(pages._file)}";

        private IReadOnlyList<PageBlock> Blocks => _blocks ?? Cut(Decoded());

        public bool Has(int block) => block >= 0 && block < Blocks.Count;

        public Screenshot Read(int block)
        {
            var page = Decoded();
            return PageBlocks.Cut(page, Cut(page)[block], block);
        }

        public IReadOnlyList<WebBox> Targets(int block) => Blocks[block].Targets;

        private Screenshot Decoded() =>
            Screenshot.Decode(pages.Encoded(group, row) ?? throw new StarKvException($"{Name} has no screenshot."), Name);

        private IReadOnlyList<PageBlock> Cut(Screenshot page)
        {
            try
            {
                return _blocks ??= PageBlocks.Of(page.Width, page.Height, boxes);
            }
            catch (StarKvException e)
            {
                throw new StarKvException($"{Name} cannot be read: {e.Message}", e);
            }
        }
    }
}
