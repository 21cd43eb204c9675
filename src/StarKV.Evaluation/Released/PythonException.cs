namespace StarKV.Evaluation.Released;

/// <summary>An exception that the reproduced Python program raises at this point; it never leaves a parser.</summary>
internal sealed class PythonException(string name, string message) : Exception(message)
{
    public string Name => name;

    public static PythonException ValueError(string message) => new("ValueError", message);
}
