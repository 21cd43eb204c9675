using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StarKV.Files;
using StarKV.Weights;

namespace StarKV.Sessions;

/// <summary>
/// The file of a session: safetensors, whose metadata name the format and its version and hold one JSON object, in which every field is
/// known and there.
/// </summary>
/// <remarks>Every tensor is taken once; one that nobody takes is an error. Dispose it when all is read.</remarks>
internal sealed class SessionFile : IDisposable
{
    private const string Format = "starkv-session", Version = "1";
    private const string FormatKey = "format", VersionKey = "version", FieldsKey = "session";
    private const string What = "session", WayOut = "The file is damaged or was changed; save the session again.";

    // Quotes as \" and not as \u0022.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SafetensorsFile _file;
    private readonly HashSet<string> _taken = [];

    private SessionFile(SafetensorsFile file, JsonFields fields) => (_file, Fields) = (file, fields);

    /// <summary>The path that it was opened by.</summary>
    public string FilePath => _file.FilePath;

    /// <summary>What it says beside the tensors.</summary>
    public JsonFields Fields { get; }

    /// <summary>Writes a file, which is complete or absent.</summary>
    /// <param name="path">Where.</param>
    /// <param name="fields">What is said beside the tensors.</param>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="StarKvException">The file cannot be written.</exception>
    public static void Write(string path, object fields, IReadOnlyList<StreamedTensor> tensors)
    {
        var metadata = new[] { (FormatKey, Format), (VersionKey, Version), (FieldsKey, JsonSerializer.Serialize(fields, s_json)) };
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, metadata, tensors), What);
    }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="StarKvException">It cannot be read, or is not a session of this version.</exception>
    public static SessionFile Open(string path)
    {
        var file = SafetensorsFile.Open(path, WayOut);
        try
        {
            if (file.Metadata.GetValueOrDefault(FormatKey) != Format)
            {
                throw new StarKvException(
                    $"{path} is a safetensors file, but not one of a session. Give a file that a session was saved in.");
            }

            if (file.Metadata.GetValueOrDefault(VersionKey) is var version && version != Version)
            {
                throw new StarKvException(
                    $"{path} is a session in version {MessageText.Name(version ?? "")} of the format; "
                        + $"this program reads version {Version}. Restore it with the version of StarKV that saved it.");
            }

            return file.Metadata.Count == 3 && file.Metadata.TryGetValue(FieldsKey, out var fields)
                ? new SessionFile(file, Checked(path, () => JsonFile.Parse(Encoding.UTF8.GetBytes(fields), path)))
                : throw new StarKvException($"{path} has other metadata than a session's. {WayOut}");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads something of the file; what is wrong with it is told with the file's name and a way out.</summary>
    public T Checked<T>(Func<T> read) => Checked(FilePath, read);

    /// <summary>The error of a sentence about this file.</summary>
    public StarKvException Damaged(InvariantText sentence) => new($"{FilePath}: {sentence.ToString()} {WayOut}");

    /// <summary>The names of all tensors.</summary>
    public IEnumerable<string> Names => _file.Tensors.Keys;

    /// <summary>Whether there is a tensor of a name.</summary>
    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    /// <summary>A tensor that must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">How its numbers must be stored; null for any way.</param>
    /// <param name="shape">Its sizes; −1 for any.</param>
    /// <exception cref="StarKvException">It is missing or another.</exception>
    public TensorEntry Take(string name, DType? type, params long[] shape)
    {
        var entry = TakeAny(name);
        if (type is { } wanted && entry.DType != wanted)
            throw Damaged($"the tensor {name} is stored as {entry.DType}; {wanted} is expected.");
        return shape.Length == entry.Shape.Length && shape.Zip(entry.Shape).All(s => s.First < 0 || s.First == s.Second)
            ? entry
            : throw Damaged($"the tensor {name} has the shape {List(entry.Shape)}; {List(shape)} is expected.");
    }

    /// <summary>A tensor that must be there, whatever it holds.</summary>
    /// <exception cref="StarKvException">It is missing.</exception>
    public TensorEntry TakeAny(string name)
    {
        if (!_file.Tensors.TryGetValue(name, out var entry))
            throw Damaged($"the tensor {name} is missing.");
        _taken.Add(name);
        return entry;
    }

    /// <summary>The numbers of a short tensor.</summary>
    /// <inheritdoc cref="Take"/>
    public T[] TakeNumbers<T>(string name, DType type, params long[] shape) where T : unmanaged
    {
        var entry = Take(name, type, shape);
        return entry.ByteLength <= Array.MaxLength
            ? MemoryMarshal.Cast<byte, T>(entry.Bytes(0, (int)entry.ByteLength).ToArray()).ToArray()
            : throw Damaged($"the tensor {name} has {entry.ElementCount:N0} numbers, more than a session can have.");
    }

    /// <summary>Refuses tensors that nobody has taken.</summary>
    /// <exception cref="StarKvException">There is one.</exception>
    public void CheckAllTaken()
    {
        if (Names.FirstOrDefault(n => !_taken.Contains(n)) is { } name)
            throw Damaged($"the tensor {MessageText.Name(name)} is not one of this session's.");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static T Checked<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (StarKvException e) when (e is not StarKvMemoryException && !e.Message.EndsWith(WayOut, StringComparison.Ordinal))
        {
            var named = e.Message.StartsWith(path, StringComparison.Ordinal) ? e.Message : $"{path}: {e.Message}";
            throw new StarKvException($"{named} {WayOut}", e);
        }
    }

    private static string List(long[] shape) =>
        $"[{string.Join(", ", shape.Select(s => s < 0 ? "any" : FormattableString.Invariant($"{s}")))}]";
}
