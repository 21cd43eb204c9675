using System.Globalization;

namespace StarKV.Score;

/// <summary>One option of a method, as users see it.</summary>
/// <param name="Name">The name in <c>--set name=value</c>.</param>
/// <param name="Default">The default, as it is written.</param>
/// <param name="Bounds">The accepted values.</param>
/// <param name="Meaning">What it does, with its symbol in the paper.</param>
public sealed record MethodOption(string Name, string Default, string Bounds, string Meaning);

/// <summary>The options of one method in one table: reading, checking and describing them all use it.</summary>
/// <typeparam name="T">The method's options record.</typeparam>
internal sealed class OptionTable<T>(string method)
{
    private readonly List<Entry> _entries = [];

    private sealed record Entry(
        string Name,
        string Bounds,
        string Meaning,
        Func<T, string> Format,
        Func<T, string> Write,
        Func<T, bool> Accepts,
        Func<T, string, (bool Read, T Options)> Parse);

    /// <summary>Adds a number with inclusive bounds.</summary>
    public OptionTable<T> Number(string name, Func<T, double> get, Func<T, double, T> set, double min, double max, string meaning)
    {
        _entries.Add(new Entry(name, $"{Show(min)} to {Show(max)}", meaning, o => Show(get(o)),
            o => get(o).ToString("R", CultureInfo.InvariantCulture), o => get(o) >= min && get(o) <= max,
            (o, text) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? (true, set(o, value))
                    : (false, o)));
        return this;
    }

    /// <summary>Adds a whole number with inclusive bounds.</summary>
    public OptionTable<T> Whole(string name, Func<T, int> get, Func<T, int, T> set, int min, int max, string meaning, bool odd = false)
    {
        _entries.Add(new Entry(name, $"{(odd ? "odd, " : "")}{min} to {max}", meaning, Text, Text,
            o => get(o) >= min && get(o) <= max && (!odd || get(o) % 2 == 1),
            (o, text) =>
                int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
                    ? (true, set(o, value))
                    : (false, o)));
        return this;

        string Text(T options) => get(options).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Adds a choice between the names of an enumeration, or between on and off.</summary>
    public OptionTable<T> Choice<TValue>(
        string name, Func<T, TValue> get, Func<T, TValue, T> set, string meaning, params (string Name, TValue Value)[] choices)
        where TValue : struct
    {
        var comparer = EqualityComparer<TValue>.Default;
        _entries.Add(new Entry(name, string.Join(" or ", choices.Select(c => c.Name)), meaning, Text, Text,
            o => choices.Any(c => comparer.Equals(c.Value, get(o))),
            (o, text) => choices.Any(c => c.Name == text) ? (true, set(o, choices.First(c => c.Name == text).Value)) : (false, o)));
        return this;

        string Text(T options) => choices.First(c => comparer.Equals(c.Value, get(options))).Name;
    }

    /// <summary>Adds a switch.</summary>
    public OptionTable<T> Switch(string name, Func<T, bool> get, Func<T, bool, T> set, string meaning) =>
        Choice(name, get, set, meaning, ("on", true), ("off", false));

    /// <summary>Adds a list of one or more different values, joined by plus signs.</summary>
    public OptionTable<T> List<TValue>(
        string name, Func<T, IReadOnlyList<TValue>> get, Func<T, IReadOnlyList<TValue>, T> set, string bounds, Func<string, TValue?> read,
        Func<TValue, string> write, string meaning)
        where TValue : struct
    {
        _entries.Add(new Entry(name, $"{bounds}, or several joined by +", meaning, Text, Text,
            o => get(o).Count > 0 && get(o).Distinct().Count() == get(o).Count && get(o).All(v => read(write(v)) is not null), Parse));
        return this;

        string Text(T options) => string.Join('+', get(options).Select(write));

        (bool, T) Parse(T options, string text)
        {
            var values = text.Split('+').Select(read).ToList();
            return values.Contains(null) ? (false, options) : (true, set(options, [.. values.Select(v => v!.Value)]));
        }
    }

    /// <summary>Describes every option; <paramref name="defaults"/> gives the defaults.</summary>
    public IReadOnlyList<MethodOption> Describe(T defaults) =>
        [.. _entries.Select(e => new MethodOption(e.Name, e.Format(defaults), e.Bounds, e.Meaning))];

    /// <summary>Returns <paramref name="options"/> when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    public T Checked(T options)
    {
        foreach (var entry in _entries.Where(e => !e.Accepts(options)))
            throw new StarKvException($"{method}: option {entry.Name} is {entry.Format(options)}; it must be {entry.Bounds}.");
        return options;
    }

    /// <summary>Every option as <see cref="Read"/> reads it, in every digit.</summary>
    public IReadOnlyDictionary<string, string> Write(T options) => _entries.ToDictionary(e => e.Name, e => e.Write(options));

    /// <summary>Reads options written as text on top of <paramref name="options"/>.</summary>
    /// <exception cref="StarKvException">A name is unknown, or a value cannot be read or is out of bounds.</exception>
    public T Read(T options, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, text) in values)
        {
            var entry = _entries.Find(e => e.Name == name)
                ?? throw new StarKvException(
                    $"{method} has no option '{name}'; it has "
                        + $"{string.Join(", ", _entries.Select(e => e.Name))}.{Nearest.Hint(name, _entries.Select(e => e.Name))}");
            var (read, changed) = entry.Parse(options, text);
            options = read ? changed : throw new StarKvException($"{method}: option {name} is '{text}'; it must be {entry.Bounds}.");
        }

        return Checked(options);
    }

    private static string Show(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
