import type { OpenedDevice } from '../../src/kernels/runtime/device.js';

/** The device as it is, or what it would be taken for if it were another: then kernels run in its variants. */
type Disguise = (opened: OpenedDevice) => OpenedDevice;

const disguise = (as: Partial<OpenedDevice>): Disguise => {
  const known = new WeakMap<OpenedDevice, OpenedDevice>();
  return (opened) => {
    let other = known.get(opened);
    if (!other) known.set(opened, (other = { ...opened, ...as }));
    return other;
  };
};

/** Every kind of device for which a kernel may have variants. All of them run on any device, if not fast. */
export const deviceKinds: Readonly<Record<string, Disguise>> = {
  'the device as it is': (opened) => opened,
  'software without subgroups': disguise({ software: true, subgroups: undefined }),
  hardware: disguise({ software: false }),
};
