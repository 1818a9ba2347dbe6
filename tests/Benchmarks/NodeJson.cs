using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Collector.Benchmarks;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class NodeJson : JsonSerializerContext;
