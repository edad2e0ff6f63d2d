// MQTT.js against the URL in argv[2], trusting the certificate in argv[3]: MQTT 3.1.1 and 5, QoS 2 there and back.
const fs = require('fs');
const mqtt = require('mqtt');

const [, , url, certificate] = process.argv;

function roundTrip(protocolVersion) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, { protocolVersion, ca: fs.readFileSync(certificate), reconnectPeriod: 0 });
    client.on('error', reject);
    client.on('connect', () => {
      client.subscribe('js/+', { qos: 2 }, (error) => {
        if (error) {
          reject(error);
        } else {
          client.publish('js/a', 'script', { qos: 2 });
        }
      });
    });
    client.on('message', (topic, payload) => {
      if (payload.toString() === 'script') {
        client.end(false, {}, resolve);
      } else {
        reject(new Error('got ' + payload));
      }
    });
    setTimeout(() => reject(new Error('no message in 20 s')), 20000).unref();
  });
}

roundTrip(4)
  .then(() => roundTrip(5))
  .then(() => {
    console.log('4 5 ok');
    process.exit(0);
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
