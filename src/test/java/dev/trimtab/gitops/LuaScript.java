package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.TableLib;
import org.luaj.vm2.lib.jse.JseBaseLib;

/**
 * A script as Argo CD runs it (argo-cd, util/lua/lua.go): the object is {@code obj}, and of the libraries there are base,
 * package and table only: no string.
 */
record LuaScript(String text) {
    JsonNode run(ObjectNode object) {
        Globals globals = new Globals();
        globals.load(new JseBaseLib());
        globals.load(new PackageLib());
        globals.load(new TableLib());
        LoadState.install(globals);
        LuaC.install(globals);
        globals.set("obj", toLua(object));
        return toJson(globals.load(text).call());
    }

    /** What Argo CD makes of the result of an action: where a table comes back empty, the object's own value stays. */
    ObjectNode act(ObjectNode object) {
        return cleaned((ObjectNode) run(object), object);
    }

    private static ObjectNode cleaned(ObjectNode result, ObjectNode object) {
        object.properties().forEach(field -> {
            JsonNode value = result.get(field.getKey());
            if (value != null) {
                boolean lost =
                        value.isArray() && value.isEmpty() && field.getValue().isObject();
                result.set(field.getKey(), lost ? field.getValue() : cleaned(value, field.getValue()));
            }
        });
        return result;
    }

    private static JsonNode cleaned(JsonNode result, JsonNode object) {
        if (result instanceof ObjectNode map && object instanceof ObjectNode was) {
            return cleaned(map, was);
        }
        if (result instanceof ArrayNode list && object.isArray()) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, cleaned(list.get(i), object.path(i)));
            }
        }
        return result;
    }

    private static LuaValue toLua(JsonNode node) {
        if (node.isObject()) {
            LuaTable table = new LuaTable();
            node.properties().forEach(field -> table.set(field.getKey(), toLua(field.getValue())));
            return table;
        }
        if (node.isArray()) {
            LuaTable table = new LuaTable();
            node.forEach(it -> table.set(table.length() + 1, toLua(it)));
            return table;
        }
        if (node.isNumber()) {
            return LuaValue.valueOf(node.asDouble());
        }
        return node.isBoolean() ? LuaValue.valueOf(node.asBoolean()) : LuaValue.valueOf(node.asText());
    }

    /** Lua knows no difference between an empty list and an empty map; Argo CD's library takes it for a list. */
    private static JsonNode toJson(LuaValue value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (value instanceof LuaTable table) {
            if (table.length() > 0 || table.keyCount() == 0) {
                ArrayNode list = json.arrayNode();
                for (int i = 1; i <= table.length(); i++) {
                    list.add(toJson(table.get(i)));
                }
                return list;
            }
            ObjectNode map = json.objectNode();
            Varargs entry = table.next(LuaValue.NIL);
            while (!entry.arg1().isnil()) {
                map.set(entry.arg1().tojstring(), toJson(entry.arg(2)));
                entry = table.next(entry.arg1());
            }
            return map;
        }
        if (value.isboolean()) {
            return json.booleanNode(value.toboolean());
        }
        return value.type() == LuaValue.TNUMBER ? json.numberNode(value.tolong()) : json.textNode(value.tojstring());
    }
}
