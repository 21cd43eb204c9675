using StarKV.Input;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Tasks;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Data;

/// <summary>
/// Packs of one screenshot size, padded to one length, as two tensors on the host: pixels, and all numbers, concatenated.
/// </summary>
/// <remarks>
/// Two copies reach the device, from pinned memory and without waiting.
/// Shapes: B packs, L tokens, F frames, T target tokens, A aligned answers.
/// </remarks>
internal sealed class Batch : IDisposable
{
    /// <summary>Tokens at a prompt's end, and of an action at most, that the alignment looks at; all of a thought's are added.</summary>
    public const int Window = 8, MaxAligned = 14;

    /// <summary>What a hard token weighs in the loss; others weigh 1.</summary>
    private const int HardWeight = 4;

    private const int MaxAlignedAnswers = 4;
    private readonly List<long> _numbers = [];
    private readonly List<(int Start, long[] Shape)> _parts = [];
    private readonly Tensor _pixels, _all;
    private readonly (int Run, int Blocks, int Prefix) _longest;

    /// <summary>Draws and joins packs; call it from any thread.</summary>
    /// <param name="packs">Packs of one size.</param>
    /// <param name="targets">Names the cells.</param>
    /// <param name="painter">This thread's painter.</param>
    /// <param name="multiple">L is a multiple of this; the attention kernels want 16, few lengths want more.</param>
    /// <param name="alignSeed">Chooses which answers are aligned; null aligns none.</param>
    /// <param name="pin">Whether the tensors go to pinned memory.</param>
    public Batch(
        IReadOnlyList<Pack> packs, CellTargets targets, ScreenPainter painter, int multiple = 64, ulong? alignSeed = null, bool pin = false)
    {
        Packs = packs;
        var longest = packs.Max(p => p.Length);
        Length = (longest + multiple - 1) / multiple * multiple;
        Answers = [.. packs.SelectMany(p => p.Answers.Select(a => a.Question))];
        var frames = packs.SelectMany(p => p.Frames).ToList();
        Frames = frames.Count;
        Grid = PatchGrid.FromSize(packs[0].Size.Width, packs[0].Size.Height);
        AddTokens();
        AddTargets();
        Add([frames.Count, Grid.Rows * Grid.Columns], frames.SelectMany(targets.Of));
        AddAlignment(alignSeed);
        _longest = AddAttention();

        using var scope = NewDisposeScope();
        var (height, width) = (packs[0].Size.Height, packs[0].Size.Width);
        var pixels = empty([frames.Count, height, width, 3], ScalarType.Byte);
        for (var i = 0; i < frames.Count; i++)
            painter.Paint(frames[i], pixels.bytes.Slice(i * height * width * 3, height * width * 3));
        _pixels = (pin ? pixels.pin_memory() : pixels).DetachFromDisposeScope();
        var all = tensor(_numbers.ToArray());
        _all = (pin ? all.pin_memory() : all).DetachFromDisposeScope();
        _numbers.Clear();
    }

    public IReadOnlyList<Pack> Packs { get; }

    /// <value>The job that drew the samples; 0 where there is none.</value>
    public long Job { get; init; }

    /// <value>Its number among the job's batches, from 0.</value>
    public int Number { get; init; }

    /// <value>Padded tokens of a pack.</value>
    public int Length { get; }

    /// <value>Padded tokens in all.</value>
    public int Tokens => Packs.Count * Length;

    public int Frames { get; }

    public PatchGrid Grid { get; }

    /// <value>The questions whose answers are learned, in order.</value>
    public IReadOnlyList<Question> Answers { get; }

    /// <summary>Copies to the device, in the current scope.</summary>
    public DeviceBatch To(Device device)
    {
        var all = device.type == TorchSharp.DeviceType.CUDA ? _all.to(device, non_blocking: true) : _all.alias();
        var pixels = device.type == TorchSharp.DeviceType.CUDA ? _pixels.to(device, non_blocking: true) : _pixels.alias();
        var t = _parts.ConvertAll(p => all.narrow(0, p.Start, p.Shape.Aggregate(1L, (n, size) => n * size)).view(p.Shape));
        return new DeviceBatch(pixels, t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13],
            new AttentionSegments(
                t[14].to(ScalarType.Int32),
                _longest.Run,
                t[15],
                t[16].to(ScalarType.Int32),
                _longest.Blocks,
                t[17],
                t[18].to(ScalarType.Int32),
                _longest.Prefix));
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _all.Dispose();
    }

    private void AddTokens()
    {
        var (b, l) = (Packs.Count, Length);
        var text = new List<long>();
        var vision = new List<long>();
        var ids = new List<long>();
        var positions = new long[3 * b * l];
        var segments = new long[b * l];
        Array.Fill(segments, -1);
        var cells = new long[b * l];
        for (var p = 0; p < b; p++)
        {
            var pack = Packs[p];
            for (var i = 0; i < pack.Length; i++)
            {
                var at = p * l + i;
                var isCell = pack.Ids[i] == pack.ImagePad;
                segments[at] = pack.Segments[i];
                for (var axis = 0; axis < 3; axis++)
                    positions[axis * b * l + at] = pack.Positions[axis * pack.Length + i];
                (isCell ? vision : text).Add(at);
                cells[at] = isCell ? 1 : 0;
                if (!isCell)
                    ids.Add(pack.Ids[i]);
            }
        }

        Add([ids.Count], ids);
        Add([text.Count], text);
        Add([Frames, Grid.Rows * Grid.Columns], vision);
        Add([3, b * l], positions);
        Add([b, l], segments);
        Add([b, l], cells);
    }

    private void AddTargets()
    {
        var from = new List<long>();
        var ids = new List<long>();
        var weights = new List<long>();
        for (var p = 0; p < Packs.Count; p++)
            foreach (var a in Packs[p].Answers)
            {
                for (var i = a.Start; i < a.Start + a.Length; i++)
                {
                    from.Add(p * Length + i - 1);
                    ids.Add(Packs[p].Ids[i]);
                    weights.Add(i - a.Start >= a.Hard.Start.Value && i - a.Start < a.Hard.End.Value ? HardWeight : 1);
                }
            }

        Targets = ids.Count;
        Add([ids.Count], from);
        Add([ids.Count], ids);
        Add([ids.Count], weights);
    }

    /// <value>Target tokens.</value>
    public int Targets { get; private set; }

    private void AddAlignment(ulong? seed)
    {
        var pack = new List<long>();
        var prompt = new List<long>();
        var answer = new List<long>();
        var counts = new List<long>();
        var random = new SeededRandom(seed ?? 0);
        var aligned = MaxAligned + Packs.Max(p => p.Answers.Max(a => a.Thought));
        for (var p = 0; p < Packs.Count && seed is not null; p++)
            foreach (var a in random.Shuffled(Packs[p].Answers.Where(a => a.Question.Kind is not TaskKind.List)).Take(MaxAlignedAnswers))
            {
                pack.Add(p);
                for (var i = a.Start - Window; i < a.Start; i++)
                    prompt.Add(p * Length + (i >= a.BlockStart ? i : i - a.BlockStart + Packs[p].PrefixLength));
                for (var i = 0; i < aligned; i++)
                {
                    answer.Add(p * Length + a.Start + Math.Min(i, a.Length - 1));
                    counts.Add(i < Math.Min(a.Length, a.Thought + MaxAligned) ? 1 : 0);
                }
            }

        Add([pack.Count], pack);
        Add([pack.Count, Window], prompt);
        Add([pack.Count, aligned], answer);
        Add([pack.Count, aligned], counts);
    }

    /// <summary>
    /// Adds what <see cref="AttentionSegments"/> holds and gives its three greatest
    /// lengths. Padding is a separate segment, so that every row is attended.
    /// </summary>
    private (int Run, int Blocks, int Prefix) AddAttention()
    {
        var bounds = new List<long>();
        var blocks = new List<long>();
        var prefix = new List<long>();
        var (blockBounds, prefixBounds) = (new List<long> { 0 }, new List<long> { 0 });
        for (var p = 0; p < Packs.Count; p++)
        {
            var segments = Packs[p].Segments;
            for (var i = 0; i < segments.Length; i++)
            {
                if (i == 0 || segments[i] != segments[i - 1])
                    bounds.Add(p * Length + i);
                (segments[i] == 0 ? prefix : blocks).Add(p * Length + i);
            }

            if (segments.Length < Length)
                bounds.Add(p * Length + segments.Length);
            blockBounds.Add(blocks.Count);
            prefixBounds.Add(prefix.Count);
        }

        bounds.Add(Tokens);
        Add([bounds.Count], bounds);
        Add([blocks.Count], blocks);
        Add([blockBounds.Count], blockBounds);
        Add([prefix.Count], prefix);
        Add([prefixBounds.Count], prefixBounds);
        return (Longest(bounds), Longest(blockBounds), Longest(prefixBounds));

        static int Longest(List<long> bounds) => (int)bounds.Zip(bounds.Skip(1), (from, to) => to - from).Max();
    }

    private void Add(long[] shape, IEnumerable<long> values)
    {
        _parts.Add((_numbers.Count, shape));
        _numbers.AddRange(values);
        if (_numbers.Count - _parts[^1].Start != shape.Aggregate(1L, (n, size) => n * size))
            throw new InvalidOperationException(
                $"Part {_parts.Count - 1} of a batch has {_numbers.Count - _parts[^1].Start} "
                    + $"numbers instead of [{string.Join(", ", shape)}].");
    }
}
