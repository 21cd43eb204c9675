using static StarKV.Evaluation.Benchmarks.Mind2Web.ThriftShape;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>The structures of a parquet file that are read before anything of it is believed.</summary>
/// <remarks>Source: parquet.thrift of parquet-format 2.12; fields in the order of their numbers.</remarks>
internal static class ParquetShapes
{
    private static readonly Field s_keyValue = Struct(Bytes, Bytes);

    private static readonly Field s_statistics = Struct(Bytes, Bytes, Number, Number, Bytes, Bytes, Truth, Truth);

    private static readonly Field s_timeUnit = Struct(Nothing, Nothing, Nothing);

    // Text, map, list, enumeration, decimal, date, time, timestamp, (none),
    // integer, null, JSON, BSON, UUID, half, variant, geometry, geography.
    private static readonly Field s_logicalType = Struct(
        Nothing, Nothing, Nothing, Nothing, Struct(Number, Number), Nothing, Struct(Truth, s_timeUnit), Struct(Truth, s_timeUnit), null,
        Struct(Octet, Truth), Nothing, Nothing, Nothing, Nothing, Nothing, Struct(Octet), Struct(Bytes), Struct(Bytes, Number));

    private static readonly Field s_schemaElement =
        Struct(Number, Number, Number, Bytes, Number, Number, Number, Number, Number, s_logicalType);

    private static readonly Field s_sizeStatistics = Struct(Number, List(Number), List(Number));

    private static readonly Field s_geospatialStatistics = Struct(Struct(Real, Real, Real, Real, Real, Real, Real, Real), List(Number));

    private static readonly Field s_columnMetaData = Struct(
        Number, List(Number), List(Bytes), Number, Number, Number, Number, List(s_keyValue), Number, Number, Number, s_statistics,
        List(Struct(Number, Number, Number)), Number, Number, s_sizeStatistics, s_geospatialStatistics);

    private static readonly Field s_columnChunk = Struct(
        Bytes, Number, s_columnMetaData, Number, Number, Number, Number, Struct(Nothing, Struct(List(Bytes), Bytes)), Bytes);

    private static readonly Field s_rowGroup = Struct(
        List(s_columnChunk), Number, Number, List(Struct(Number, Truth, Truth)), Number, Number, Number);

    private static readonly Field s_encryption = Struct(Bytes, Bytes, Truth);

    /// <summary>FileMetaData: the footer.</summary>
    public static ThriftShape Footer { get; } = new(
        Number, List(s_schemaElement), Number, List(s_rowGroup), List(s_keyValue), Bytes, List(Struct(Nothing, Nothing)),
        Struct(s_encryption, s_encryption), Bytes);

    /// <summary>PageHeader: what comes before every page.</summary>
    public static ThriftShape Page { get; } = new(
        Number, Number, Number, Number, Struct(Number, Number, Number, Number, s_statistics), Nothing, Struct(Number, Number, Truth),
        Struct(Number, Number, Number, Number, Number, Number, Truth, s_statistics));
}
