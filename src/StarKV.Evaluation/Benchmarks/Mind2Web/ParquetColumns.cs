using Parquet;
using Parquet.Data;
using Parquet.Schema;
using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>Reads single columns of a parquet file, row group by row group.</summary>
internal sealed class ParquetColumns : IDisposable
{
    private readonly string _file;
    private readonly FileStream _stream;
    private readonly WindowStream _window;
    private readonly ParquetReader _reader;

    /// <summary>Opens a file.</summary>
    /// <exception cref="StarKvException">It is not a parquet file.</exception>
    public ParquetColumns(string file)
    {
        _file = file;
        _stream = PlainFile.Open(file);
        _window = new WindowStream(_stream);
        try
        {
            _reader = Guarded(() =>
            {
                ParquetBounds.CheckFooter(_stream);
                return ParquetReader.CreateAsync(_window, new ParquetOptions(), leaveStreamOpen: true, CancellationToken.None)
                    .GetAwaiter()
                    .GetResult();
            });
        }
        catch
        {
            _window.Dispose();
            throw;
        }
    }

    /// <summary>Number of row groups.</summary>
    public int Groups => _reader.RowGroupCount;

    /// <summary>The texts of a column in every row of a group: one, none, or those of a list.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Texts(int group, string column) =>
        [.. Rows<ReadOnlyMemory<char>>(group, column).Select(row => (IReadOnlyList<string>)[.. row.Select(v => v.ToString())])];

    /// <summary>The bytes of a column in every row of a group; null where there are none.</summary>
    public IReadOnlyList<byte[]?> Bytes(int group, string column) =>
        [.. Rows<ReadOnlyMemory<byte>>(group, column).Select(row => row is [var bytes, ..] ? bytes.ToArray() : null)];

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _window.Dispose();
    }

    private List<List<T>> Rows<T>(int group, string column)
        where T : struct
    {
        return Guarded(() =>
        {
            var field = _reader.Schema.DataFields.FirstOrDefault(f => IsColumn(f, column))
                ?? throw new StarKvException($"{_file} has no column {column}.");
            using var reader = _reader.OpenRowGroupReader(group);
            _window.End = ParquetBounds.CheckColumn(
                _stream,
                reader.GetMetadata(field)?.MetaData ?? throw new StarKvException($"{_file} does not say where the column {column} lies."));
            using var raw =
                (RawColumnData<T>)reader.ReadRawColumnDataBaseAsync(field, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var (rows, next) = (new List<List<T>>(), 0);
            for (var i = 0; i < Math.Max(raw.DefinitionLevels.Length, raw.Values.Length); i++)
            {
                // A value that does not repeat the row before begins a row; one
                // that is not defined all the way down is null or an empty list.
                if (field.MaxRepetitionLevel == 0 || raw.RepetitionLevels[i] == 0)
                    rows.Add([]);
                if (field.MaxDefinitionLevel == 0 || raw.DefinitionLevels[i] == field.MaxDefinitionLevel)
                    rows[^1].Add(raw.Values[next++]);
            }

            return rows;
        });
    }

    // A list's values lie some names deeper, and not all writers call them the same.
    private static bool IsColumn(DataField field, string column)
    {
        var path = field.Path.ToString();
        return path == column || path.StartsWith(column + "/", StringComparison.Ordinal);
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (StarKvException or OutOfMemoryException))
        {
            throw new StarKvException($"{_file} cannot be read: {e.Message} Download it again.", e);
        }
    }
}
