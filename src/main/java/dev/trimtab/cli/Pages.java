package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Long lists, page by page: an object is in memory only until it is known what is wanted of it. */
public final class Pages {
    private static final int PAGE = 500;

    /** Then a list is asked for as a whole: it takes longer to read than the cluster keeps a version. */
    private static final int RESTARTS = 3;

    private final LiveCluster cluster;

    public Pages(LiveCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * @param path of the collection, and what is selected of it
     * @param wanted empty for an object of no interest
     * @return empty where the cluster does not know the kind
     */
    public <T> Optional<List<T>> of(String path, Function<ObjectNode, Optional<T>> wanted) throws ApiProblem {
        for (int attempt = 0; attempt < RESTARTS; attempt++) {
            try {
                return all(path, "limit=" + PAGE, wanted);
            } catch (ApiProblem problem) {
                if (!problem.isExpired()) {
                    throw problem;
                }
            }
        }
        return all(path, "", wanted);
    }

    private <T> Optional<List<T>> all(String path, String limit, Function<ObjectNode, Optional<T>> wanted)
            throws ApiProblem {
        String kind = path.replaceAll("\\?.*|.*/(?=[a-z]+(\\?|$))", "");
        String start = path + (path.contains("?") ? "&" : "?") + limit;
        List<T> found = new ArrayList<>();
        String next = "";
        do {
            JsonNode page =
                    cluster.get(kind, next.isEmpty() ? start : start + "&continue=" + LiveCluster.encoded(next));
            if (page.isMissingNode()) {
                return Optional.empty();
            }
            page.path("items").forEach(item -> {
                if (item instanceof ObjectNode object) {
                    wanted.apply(object).ifPresent(found::add);
                }
            });
            next = page.path("metadata").path("continue").asText("");
        } while (!next.isEmpty());
        return Optional.of(found);
    }
}
