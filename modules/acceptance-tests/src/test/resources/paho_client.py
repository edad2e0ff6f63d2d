"""paho-mqtt against the port in argv[1]: MQTT 3.1.1 and 5, QoS 2 there and back."""
import queue
import sys

import paho.mqtt.client as mqtt

PORT = int(sys.argv[1])


def round_trip(version):
    got = queue.Queue()
    ready = queue.Queue()
    new = hasattr(mqtt, "CallbackAPIVersion")
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=version) if new else mqtt.Client(protocol=version)
    client.on_message = lambda c, u, m: got.put(m.payload)
    client.on_subscribe = lambda *a: ready.put(True)
    client.connect("127.0.0.1", PORT)
    client.loop_start()
    client.subscribe("python/+", 2)
    ready.get(timeout=20)
    client.publish("python/a", b"snake", 2).wait_for_publish()
    assert got.get(timeout=20) == b"snake"
    client.disconnect()
    client.loop_stop()


round_trip(mqtt.MQTTv311)
round_trip(mqtt.MQTTv5)
print("4 5 ok")
