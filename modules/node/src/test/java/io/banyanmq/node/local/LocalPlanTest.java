package io.banyanmq.node.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.banyanmq.node.config.ConfigException;
import io.banyanmq.node.config.ConfigLayers;
import io.banyanmq.node.config.NodeConfig;
import io.banyanmq.node.process.StartException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalPlanTest {
    @Test
    void every_node_gets_a_configuration_that_loads_and_ports_of_its_own()
            throws StartException, ConfigException {
        List<LocalPlan.Place> places = new LocalPlan(3, 2, 1883, 8080).places();
        Set<Integer> ports = new HashSet<>();
        for (LocalPlan.Place place : places) {
            NodeConfig config =
                    new ConfigLayers()
                            .file(
                                    "x.yaml",
                                    LocalPlan.configuration(place, places, "/tmp/d", "/tmp/cookie"))
                            .load();
            assertThat(config.node().name()).hasToString(place.fullName());
            assertThat(config.cluster().seeds()).hasSize(3);
            assertThat(ports.add(config.fabric().bind().port())).isTrue();
            assertThat(ports.add(config.admin().bind().port())).isTrue();
            if (place.role().equals("route-store")) {
                assertThat(config.raft().initialRouteStores()).hasSize(3);
                assertThat(ports.add(config.raft().bind().port())).isTrue();
            } else {
                assertThat(config.gateway().listeners()).hasSize(2);
            }
        }
        assertThat(places)
                .extracting(LocalPlan.Place::name)
                .containsExactly("route1", "route2", "route3", "gateway1", "gateway2");
        assertThat(places.get(4).mqttPort()).isEqualTo(1884);
        assertThat(places.get(4).adminPort()).isEqualTo(8081);
    }
}
