// Types are checked by `npm run check`; the build only strips them, so that `npm start` is quick on a fresh machine.
/** @param {import('webpack').Configuration} options The configuration that `nest build` made for one app. */
module.exports = (options) => ({
  ...options,
  devtool: 'source-map',
  module: { rules: [{ test: /\.ts$/, exclude: /node_modules/, use: { loader: 'swc-loader' } }] },
  plugins: (options.plugins ?? []).filter((plugin) => plugin.constructor.name !== 'ForkTsCheckerWebpackPlugin'),
});
