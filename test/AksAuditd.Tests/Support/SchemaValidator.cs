using System.Text.Json;
using System.Text.RegularExpressions;

namespace AksAuditd.Tests.Support;

/// <summary>Validates JSON against a JSON schema that uses no keyword but those here; one that it does not know is an error, not passed over.</summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private static readonly string[] Annotations = ["$schema", "$id", "id", "title", "description", "default", "definitions", "format", "examples", "deprecated"];

    /// <summary>What is wrong, as <c>/path: reason</c>.</summary>
    public IReadOnlyList<string> Problems(JsonElement value)
    {
        List<string> problems = [];
        Check(value, root, "", problems);
        return problems;
    }

    private void Check(JsonElement value, JsonElement schema, string path, List<string> problems)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (Annotations.Contains(keyword.Name)) continue;
            if (!Holds(value, keyword, schema, path, problems)) problems.Add($"{path}: {keyword.Name} {keyword.Value.GetRawText()}");
        }
    }

    private bool Holds(JsonElement value, JsonProperty keyword, JsonElement schema, string path, List<string> problems)
    {
        JsonElement wanted = keyword.Value;
        switch (keyword.Name)
        {
            case "$ref":
                Check(value, Resolve(wanted.GetString()!), path, problems);
                return true;
            case "type":
                return wanted.ValueKind == JsonValueKind.Array ? wanted.EnumerateArray().Any(t => IsType(value, t.GetString()!)) : IsType(value, wanted.GetString()!);
            case "enum":
                return wanted.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value));
            case "required":
                return value.ValueKind != JsonValueKind.Object || wanted.EnumerateArray().All(r => value.TryGetProperty(r.GetString()!, out _));
            case "properties":
                if (value.ValueKind != JsonValueKind.Object) return true;
                foreach (JsonProperty property in value.EnumerateObject())
                    if (wanted.TryGetProperty(property.Name, out JsonElement inner)) Check(property.Value, inner, $"{path}/{property.Name}", problems);
                return true;
            case "additionalProperties":
                if (value.ValueKind != JsonValueKind.Object) return true;
                JsonProperty[] others = [.. value.EnumerateObject().Where(p => !schema.TryGetProperty("properties", out JsonElement known) || !known.TryGetProperty(p.Name, out _))];
                if (wanted.ValueKind == JsonValueKind.False) return others.Length == 0;
                if (wanted.ValueKind == JsonValueKind.Object)
                    foreach (JsonProperty other in others) Check(other.Value, wanted, $"{path}/{other.Name}", problems);
                return true;
            case "items":
                if (value.ValueKind != JsonValueKind.Array) return true;
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray()) Check(item, wanted, $"{path}/{index++}", problems);
                return true;
            case "anyOf":
                return wanted.EnumerateArray().Any(s => Matches(value, s));
            case "oneOf":
                return wanted.EnumerateArray().Count(s => Matches(value, s)) == 1;
            case "not":
                return !Matches(value, wanted);
            case "dependencies":
                return value.ValueKind != JsonValueKind.Object
                    || wanted.EnumerateObject().All(d => !value.TryGetProperty(d.Name, out _) || d.Value.EnumerateArray().All(n => value.TryGetProperty(n.GetString()!, out _)));
            case "minItems":
                return value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= wanted.GetInt32();
            case "uniqueItems":
                return value.ValueKind != JsonValueKind.Array || !wanted.GetBoolean()
                    || value.EnumerateArray().Select((v, i) => value.EnumerateArray().Take(i).Any(o => JsonElement.DeepEquals(o, v))).All(twice => !twice);
            case "minimum":
                return value.ValueKind != JsonValueKind.Number || value.GetDouble() >= wanted.GetDouble();
            case "maximum":
                return value.ValueKind != JsonValueKind.Number || value.GetDouble() <= wanted.GetDouble();
            case "minLength":
                return value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= wanted.GetInt32();
            case "pattern":
                return value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, wanted.GetString()!);
            default:
                throw new NotSupportedException($"the schema has '{keyword.Name}' at {path}");
        }
    }

    private bool Matches(JsonElement value, JsonElement schema)
    {
        List<string> problems = [];
        Check(value, schema, "", problems);
        return problems.Count == 0;
    }

    private JsonElement Resolve(string reference)
    {
        JsonElement at = root;
        foreach (string part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)) at = at.GetProperty(part);
        return at;
    }

    private static bool IsType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && (value.TryGetInt64(out _) || value.TryGetUInt64(out _)),
        "number" => value.ValueKind == JsonValueKind.Number,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };
}
