namespace StarKV.Evaluation.Released;

/// <summary>Turns the pieces of an answer into the Python parsers' records.</summary>
internal sealed class PyRecords
{
    private readonly (double X, double Y) _divisor;

    /// <exception cref="PythonException">ValueError when one side of the screen is more than 200 times the other.</exception>
    public PyRecords(PyParserOptions options)
    {
        _divisor = (options.Factor, options.Factor);
        if (options.Screen is not var (width, height)) return;
        try
        {
            _divisor = options.Limits.Fit(width, height);
        }
        catch (StarKvException unfit)
        {
            throw PythonException.ValueError(unfit.Message);
        }
    }

    /// <summary>Runs a parser and turns what it raises into the answer's error.</summary>
    public static CompatibilityAnswer Guard(Func<IReadOnlyList<CompatibilityRecord>> parse)
    {
        try
        {
            return CompatibilityError.Guard(() => new CompatibilityAnswer(parse()), error => new([], error));
        }
        catch (PythonException raised)
        {
            return new([], new(raised.Name, raised.Message));
        }
    }

    /// <summary>Reads all pieces; one that is no call spoils the whole answer.</summary>
    public IReadOnlyList<CompatibilityRecord> Read(IEnumerable<string> pieces, string? reflection, string? thought) =>
        [.. pieces.Select(piece => Record(Parse(piece), reflection, thought))];

    /// <summary>The call of one piece.</summary>
    /// <exception cref="PythonException">ValueError when the piece is not a call in Python.</exception>
    public static PyCall Parse(string piece) =>
        PyCall.Parse(PyText.StripStart(piece.Replace("\n", @"\n", StringComparison.Ordinal)))
        ?? throw PythonException.ValueError($"'{piece}' is not a Python call.");

    /// <summary>The record of one call; positional values are ignored.</summary>
    public CompatibilityRecord Record(PyCall call, string? reflection, string? thought)
    {
        var inputs = new OrderedInputs();
        foreach (var (name, value) in call.DistinctKeywords)
        {
            if (value is PyString { Value: "" }) continue;
            if (name is null || value is not PyString text)
                throw new PythonException("AttributeError", $"The value of '{name}' is not a text.");
            var stripped = PyText.StripStart(text.Value);
            var isBox = name.Contains("start_box", StringComparison.Ordinal) || name.Contains("end_box", StringComparison.Ordinal);
            inputs.Set(new(name, isBox ? Box(stripped) : stripped));
        }

        return new(reflection, thought, call.Name, inputs.Items);
    }

    private string Box(string text)
    {
        var parts = text.Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal).Split(',');
        var numbers = parts.Select((part, i) => PyText.Float(part) / (i % 2 == 0 ? _divisor.X : _divisor.Y)).ToList();
        if (numbers.Count == 2) numbers.AddRange([numbers[0], numbers[1]]);
        return $"[{string.Join(", ", numbers.Select(DoubleText.Python))}]";
    }
}
