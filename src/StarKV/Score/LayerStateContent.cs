using StarKV.Files;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// What a method remembers of one layer, as it goes into a session's file and comes from it: whole numbers and tensors by name.
/// </summary>
/// <remarks>
/// Names are lower-case letters, digits and hyphens. Shapes: G key/value heads, H query heads. Not thread-safe: it belongs on the inference
/// thread.
/// </remarks>
public sealed class LayerStateContent
{
    private readonly Dictionary<string, long> _numbers = [];
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly HashSet<string> _taken = [];
    private readonly string _source;

    /// <summary>Begins empty.</summary>
    /// <param name="source">Names the state in messages.</param>
    internal LayerStateContent(string source) => _source = source;

    /// <summary>
    /// The token of each row that the layer's cache holds, ascending, [1 or S, rows], int64; S heads stored. Null where no cache is held
    /// between steps. What is kept token by token is needed of these alone.
    /// </summary>
    public Tensor? HeldTokens { get; internal init; }

    /// <summary>Key/value heads G of the model.</summary>
    public int KvHeads { get; internal init; }

    /// <summary>Query heads H of the model.</summary>
    public int Heads { get; internal init; }

    /// <summary>The numbers by name.</summary>
    internal IReadOnlyDictionary<string, long> Numbers => _numbers;

    /// <summary>The tensors by name.</summary>
    internal IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Puts a whole number in.</summary>
    /// <exception cref="ArgumentException">The name is none, or there is one of that name.</exception>
    public void Put(string name, long number) => _numbers.Add(Checked(name), number);

    /// <summary>Puts a tensor in, which is borrowed until the file is written; null is left out.</summary>
    /// <exception cref="ArgumentException">The name is none, or there is one of that name.</exception>
    public void Put(string name, Tensor? tensor)
    {
        if (tensor is not null)
            _tensors.Add(Checked(name), tensor);
    }

    /// <summary>A whole number that must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="min">The least that it may be.</param>
    /// <param name="max">The most that it may be.</param>
    /// <exception cref="StarKvException">It is missing or out of its bounds.</exception>
    public long Number(string name, long min, long max)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_numbers.TryGetValue(name, out var number))
            throw new StarKvException($"{_source} lacks the number {name}.");
        _taken.Add(name);
        return number >= min && number <= max
            ? number
            : throw new StarKvException($"{_source}: {name} is {number}; a whole number from {min} to {max} is expected.");
    }

    /// <summary>A tensor on the model's device, in the open dispose scope; null when there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type that it must have.</param>
    /// <param name="shape">Its sizes; −1 for any.</param>
    /// <exception cref="StarKvException">It has another type or shape.</exception>
    public Tensor? Take(string name, ScalarType type, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (!_tensors.TryGetValue(name, out var tensor))
            return null;
        _taken.Add(name);
        var fits = tensor.dtype == type && tensor.dim() == shape.Length
            && shape.Zip(tensor.shape).All(s => s.First < 0 || s.First == s.Second);
        return fits ? tensor : throw new StarKvException(
            $"{_source}: {name} is {tensor.dtype} [{string.Join(", ", tensor.shape)}]; "
                + $"{type} [{string.Join(", ", shape.Select(s => s < 0 ? "any" : $"{s}"))}] is expected.");
    }

    /// <summary>Refuses what nobody has taken.</summary>
    /// <exception cref="StarKvException">There is some.</exception>
    internal void CheckAllTaken()
    {
        if (_numbers.Keys.Concat(_tensors.Keys).FirstOrDefault(n => !_taken.Contains(n)) is { } name)
            throw new StarKvException($"{_source} has {MessageText.Name(name)}, which nothing reads.");
    }

    /// <summary>Whether a text can be the name of a number or a tensor.</summary>
    internal static bool IsName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string Checked(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsName(name)
            ? name
            : throw new ArgumentException($"'{name}' is no name; use lower-case letters, digits and hyphens.", nameof(name));
    }
}
